import pytest

from caster_scene_audio.domain.access import AccessPolicy, Grant


def policy(*grants: str) -> AccessPolicy:
    return AccessPolicy(tuple(Grant.parse(each) for each in grants))


@pytest.mark.parametrize(
    ("grants", "namespace", "caster", "allowed"),
    [
        (["*"], "any", "any", True),
        ([], "any", "any", False),
        (["studio"], "studio", "any", True),
        (["studio"], "studio-2", "any", False),
        (["studio-*"], "studio-2", "any", True),
        (["studio=LIVE-1,LIVE-2"], "studio", "LIVE-2", True),
        (["studio=LIVE-1,LIVE-2"], "studio", "LIVE-3", False),
        (["studio=LIVE-*"], "studio", "LIVE-3", True),
        (["studio=live-*"], "studio", "LIVE-3", False),
        (["studio=LIVE-1", "studio=LIVE-2"], "studio", "LIVE-2", True),
        (["studio=LIVE-1", "*=LIVE-9"], "other", "LIVE-1", False),
    ],
)
def test_the_setting_says_which_namespace_may_change_which_caster(
    grants: list[str], namespace: str, caster: str, allowed: bool
) -> None:
    objection = policy(*grants).objection(namespace=namespace, caster_id=caster)

    assert (objection is None) == allowed


def test_an_objection_names_the_setting_and_a_way_out() -> None:
    objection = policy("studio=LIVE-1").objection(namespace="studio", caster_id="LIVE-2")

    assert objection is not None
    assert "--own-credentials" in objection
    assert "LIVE-2" in objection
    assert "spec.credentialsSecretRef" in objection


@pytest.mark.parametrize("text", ["", "=LIVE", "studio=", "studio=LIVE,"])
def test_a_grant_that_makes_no_sense_says_what_does(text: str) -> None:
    with pytest.raises(ValueError, match="NAMESPACE=CASTER"):
        Grant.parse(text)
