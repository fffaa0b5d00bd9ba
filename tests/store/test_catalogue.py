from tui.domain.names import ModelName
from tui.store.catalogue import listed, offers


def test_every_offer_has_a_name_that_can_be_pulled() -> None:
    names = [offer.name for offer in offers()]
    assert len(names) == len(set(names)) > 900
    assert all(ModelName.parse(name).short == name for name in names)


def test_what_runs_elsewhere_is_not_offered() -> None:
    names = {offer.name for offer in offers()}
    assert any(model.cloud_only for model in listed())
    clouds = [f"{m.name}:{tag.tag}" for m in listed() for tag in m.tags if tag.cloud]
    assert clouds
    assert names.isdisjoint(clouds)


def test_an_offer_tells_size_context_and_what_it_is() -> None:
    offer = next(each for each in offers() if each.name == "all-minilm:22m")
    assert (offer.size, offer.exact, offer.context) == (45_960_996, True, 512)
    assert offer.can == ("embedding",)
    assert "search" in offer.about
