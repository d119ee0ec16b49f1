"""Every audience and trigger that ships can be used as it stands."""

import pytest

from pushline.audience import AUDIENCES, TRIGGERS, Catalogue


@pytest.mark.parametrize("folder", [AUDIENCES, TRIGGERS])
def test_no_file_is_broken(folder: str):
    catalogue = Catalogue(folder)
    assert catalogue.broken() == {}
    assert len(catalogue) == len(catalogue.names()) > 0


@pytest.mark.parametrize("folder", [AUDIENCES, TRIGGERS])
def test_files_need_no_values_to_be_tried(folder: str):
    catalogue = Catalogue(folder)
    for name in catalogue:
        file = catalogue.file(name)
        assert set(file.values({})) == set(file.parameters)


def test_catalogue_is_a_mapping_of_cards():
    catalogue = Catalogue()
    name = next(iter(catalogue))
    assert catalogue[name].title
    assert catalogue.get("none_such") is None
    assert "none_such" not in catalogue
    assert catalogue.sql_hash(name) != ""
