"""Rollouts, step by step: what is made, what is taken away, when it is done and when it fails."""

import pytest

from sandbox.cluster import Fate
from sandbox.cluster.fates import REVISION
from tests.sandbox.cluster.stage import Stage, staged, web


def revisions(stage: Stage) -> dict[str, int]:
    """Return each ReplicaSet's image and size by its revision."""
    return {
        one["metadata"]["annotations"][REVISION]: one["spec"]["replicas"]
        for one in stage.cluster.store.all("replicasets.apps")
    }


def test_a_new_deployment_is_ready_after_start_and_warming_up() -> None:
    stage = Stage()
    stage.cluster.apply(web(2))
    stage.step()
    assert stage.statuses() == ["ContainerCreating"] * 2
    stage.step(1)
    assert [pod.ready for pod in stage.cluster.pods("default", "web")] == [False, False]
    stage.step(1)
    assert [pod.ready for pod in stage.cluster.pods("default", "web")] == [True, True]
    assert stage.cluster.deployment("default", "web").done


@pytest.mark.parametrize(
    ("rolling", "most", "least"),
    [
        ({"maxSurge": 1, "maxUnavailable": 0}, 5, 4),
        ({"maxSurge": 0, "maxUnavailable": 2}, 4, 2),
        ({"maxSurge": "50%", "maxUnavailable": "25%"}, 6, 3),
    ],
)
def test_a_rollout_keeps_within_its_bounds(
    rolling: dict[str, object], most: int, least: int
) -> None:
    stage = staged(4, strategy={"type": "RollingUpdate", "rollingUpdate": rolling})
    stage.image("web:2")
    seen = []
    while not stage.cluster.deployment("default", "web").done:
        pods = [pod for pod in stage.cluster.pods("default", "web") if not pod.ending]
        seen.append((len(pods), sum(pod.ready for pod in pods)))
        stage.step(1)
    assert max(count for count, _ in seen) == most
    assert min(ready for _, ready in seen) == least
    assert {pod.image for pod in stage.cluster.pods("default", "web") if not pod.ending} == {
        "web:2"
    }


def test_recreate_ends_all_before_it_begins_anew() -> None:
    stage = staged(2, strategy={"type": "Recreate"})
    stage.image("web:2")
    assert {pod.image for pod in stage.cluster.pods("default", "web")} == {"web:1"}
    stage.step(1)
    assert {pod.image for pod in stage.cluster.pods("default", "web")} == {"web:2"}


def test_a_rollback_gives_the_old_replica_set_a_new_revision() -> None:
    stage = staged()
    stage.image("web:2")
    stage.until(lambda: stage.cluster.deployment("default", "web").done)
    assert revisions(stage) == {"1": 0, "2": 3}
    stage.image("web:1")
    stage.until(lambda: stage.cluster.deployment("default", "web").done)
    assert revisions(stage) == {"2": 0, "3": 3}
    assert stage.cluster.deployment("default", "web").revision == 3


def test_a_rollout_that_does_not_move_fails_after_its_deadline() -> None:
    stage = staged(progressDeadlineSeconds=60)
    stage.fates.by_image["web:2"] = Fate(image_missing=True)
    stage.image("web:2")
    assert 55 <= stage.until(lambda: stage.cluster.deployment("default", "web").failed) <= 65
    assert stage.condition("Progressing")["reason"] == "ProgressDeadlineExceeded"
    assert stage.condition("Available")["status"] == "True"
    assert stage.statuses() == ["ImagePullBackOff", "Running", "Running", "Running"]
    stage.image("web:1")
    stage.until(lambda: stage.cluster.deployment("default", "web").done)
    assert stage.condition("Progressing")["reason"] == "NewReplicaSetAvailable"


def test_a_paused_deployment_takes_its_size_but_not_its_image() -> None:
    stage = staged()
    stage.change(paused=True)
    stage.image("web:2")
    stage.change(replicas=5)
    stage.step(5)
    assert [pod.image for pod in stage.cluster.pods("default", "web")] == ["web:1"] * 5
    stage.change(paused=False)
    stage.until(lambda: stage.cluster.deployment("default", "web").done)
    stage.step(2)
    assert {pod.image for pod in stage.cluster.pods("default", "web")} == {"web:2"}


def test_only_as_many_old_replica_sets_are_kept_as_wanted() -> None:
    stage = staged(1, revisionHistoryLimit=2)
    for number in range(2, 7):
        stage.image(f"web:{number}")
        stage.until(lambda: stage.cluster.deployment("default", "web").done)
        stage.step(2)
    assert sorted(revisions(stage)) == ["4", "5", "6"]


def test_pods_count_as_available_only_after_min_ready_seconds() -> None:
    stage = Stage()
    stage.cluster.apply(web(1, minReadySeconds=10))
    stage.step()
    stage.step(5)
    assert (stage.cluster.deployment("default", "web").ready) == 1
    assert not stage.cluster.deployment("default", "web").available
    stage.step(7)
    assert stage.cluster.deployment("default", "web").done


def test_a_resize_amid_a_rollout_is_spread_over_both_replica_sets() -> None:
    stage = staged(10)
    stage.fates.by_image["web:2"] = Fate(ready_after=10_000)
    stage.image("web:2")
    stage.step(5)
    before = revisions(stage)
    stage.change(replicas=20)
    after = revisions(stage)
    assert sum(after.values()) == 25
    assert after["1"] > before["1"]
    assert after["2"] > before["2"]


def test_what_a_deployment_owned_goes_with_it() -> None:
    stage = staged()
    stage.cluster.store.remove("deployments.apps", "default", "web")
    stage.step()
    assert not stage.cluster.store.all("replicasets.apps")
    stage.step(2)
    assert not stage.cluster.store.all("pods")
