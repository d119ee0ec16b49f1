// The page of one run, or of the runs of an Airflow run: stopping what is left.

import { get } from "../api.js";
import { askForStops, askToStopRun } from "../stop.js";

void askForStops();

for (const button of document.querySelectorAll("[data-stop]")) {
  const id = button.dataset.stop;
  get(`api/stop/run/${id}`).then((left) => {
    button.hidden = left.is_stopped || left.will_stop === 0;
  }, () => {});
  button.addEventListener("click", async () => {
    if (await askToStopRun(id)) location.reload();
  });
}
