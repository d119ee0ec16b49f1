// A list below a text field: filters as one types, chooses by arrows and Enter or by mouse.

let counter = 0;

export class ChoiceList {
  /** choices: texts, or { value, label }; isMany: the field holds several, parted by commas. */
  constructor(input, choices, { isMany = false, onChoose }) {
    this.input = input;
    this.isMany = isMany;
    this.onChoose = onChoose;
    this.choices = choices.map((one) => (typeof one === "string" ? { value: one, label: one } : one));
    this.at = -1;
    this.hasTyped = false;
    counter += 1;
    this.element = document.createElement("ul");
    this.element.className = "choices";
    this.element.id = `choices-${counter}`;
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-label", input.getAttribute("aria-label") ?? "");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.element.id);
    input.addEventListener("input", () => {
      this.hasTyped = true;
      this.#draw();
    });
    this.element.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(this.shown[Number(option.dataset.place)]);
    });
    this.#draw();
  }

  /** Returns true when the key was for the list. */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.altKey && this.shown.length) {
      this.at = (this.at + step + this.shown.length) % this.shown.length;
      this.#point();
      event.preventDefault();
      return true;
    }
    if (event.key === "Enter" && !event.altKey && this.at >= 0) {
      this.#choose(this.shown[this.at]);
      event.preventDefault();
      event.stopPropagation();
      return true;
    }
    if (event.key === "Tab" && this.at >= 0 && this.hasTyped) this.#put(this.shown[this.at]);
    return false;
  }

  #word() {
    if (!this.hasTyped) return "";
    const text = this.isMany ? this.input.value.split(",").at(-1) : this.input.value;
    return text.trim().toLocaleLowerCase();
  }

  #draw() {
    const wanted = this.#word();
    this.shown = this.choices.filter(({ value, label }) =>
      `${label} ${value}`.toLocaleLowerCase().includes(wanted),
    );
    const chosen = new Set(this.input.value.split(",").map((one) => one.trim()));
    this.element.replaceChildren(
      ...this.shown.map(({ value, label }, place) => {
        const option = document.createElement("li");
        option.id = `${this.element.id}-${place}`;
        option.setAttribute("role", "option");
        option.dataset.place = String(place);
        option.setAttribute("aria-selected", String(chosen.has(value)));
        option.textContent = label;
        return option;
      }),
    );
    this.element.hidden = !this.shown.length;
    this.at = this.hasTyped && wanted && this.shown.length ? 0 : this.#placeOfChosen();
    this.#point();
  }

  #placeOfChosen() {
    return this.hasTyped ? -1 : this.shown.findIndex(({ value }) => value === this.input.value);
  }

  #point() {
    this.element.querySelector(".is-pointed")?.classList.remove("is-pointed");
    const option = this.element.children[this.at];
    option?.classList.add("is-pointed");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #put({ value }) {
    if (this.isMany) {
      const parts = this.input.value.split(",").slice(0, -1).map((one) => one.trim());
      const kept = parts.filter((one) => one && one !== value);
      this.input.value = [...kept, value].join(", ");
    } else this.input.value = value;
  }

  #choose(choice) {
    this.#put(choice);
    this.hasTyped = false;
    this.#draw();
    this.onChoose(choice.value);
  }
}
