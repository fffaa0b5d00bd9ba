from pathlib import Path

from tui.domain.listed import Listed, Tag
from tui.domain.names import ModelName
from tui.domain.places import Places
from tui.store.catalogue import Catalogue, offers, shipped
from tui.store.writer import Writer


def test_every_offer_has_a_name_that_can_be_pulled() -> None:
    names = [offer.name for offer in offers()]
    assert len(names) == len(set(names)) > 900
    assert all(ModelName.parse(name).short == name for name in names)


def test_what_runs_elsewhere_is_not_offered() -> None:
    names = {offer.name for offer in offers()}
    assert any(model.cloud_only for model in shipped())
    clouds = [f"{m.name}:{tag.tag}" for m in shipped() for tag in m.tags if tag.cloud]
    assert clouds
    assert names.isdisjoint(clouds)


def test_an_offer_tells_size_context_and_what_it_is() -> None:
    offer = next(each for each in offers() if each.name == "all-minilm:22m")
    assert (offer.size, offer.exact, offer.context) == (45_960_996, True, 512)
    assert offer.can == ("embedding",)
    assert "search" in offer.about


def test_what_was_learned_is_there_the_next_time_and_takes_nothing_away(tmp_path: Path) -> None:
    places, writer = Places.below(tmp_path), Writer(lambda _error: None)
    new = Listed(name="brandnew", tags=[Tag(tag="7b", size_bytes=5)], pulls=10**12)
    more = Listed(name="all-minilm", tags=[Tag(tag="22m"), Tag(tag="1t", size_bytes=7)])
    catalogue = Catalogue(places, writer)
    assert catalogue.at == 0
    assert catalogue.offers() is offers()
    catalogue.learn([new, more], 5.0)
    writer.close()
    for each in (catalogue, Catalogue(places, writer)):
        known = {offer.name: offer for offer in each.offers()}
        assert each.at == 5.0
        assert each.offers()[0].name == "brandnew:7b", "the most pulled"
        assert known["all-minilm:1t"].size == 7
        assert known["all-minilm:22m"].size == 45_960_996
        assert known.keys() > {offer.name for offer in offers()}


def test_a_spoilt_cache_is_as_if_there_were_none(tmp_path: Path) -> None:
    places = Places.below(tmp_path)
    places.cache.mkdir()
    (places.cache / "catalogue.json").write_bytes(b"{\xff")
    assert Catalogue(places, Writer(lambda _error: None)).listed() == shipped()
