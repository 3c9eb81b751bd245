"""The life of pods: crashes, missing images, memory, evictions, and the grace before the end."""

from itertools import pairwise

from sandbox.cluster import Fate, Timings
from tests.sandbox.cluster.stage import Stage, staged, web


def only(stage: Stage) -> str:
    (pod,) = (pod for pod in stage.cluster.pods("default", "web") if not pod.ending)
    return pod.name


def test_a_crash_loop_backs_off_longer_and_longer() -> None:
    stage = Stage()
    stage.fates.by_image["web:1"] = Fate(ready_after=1000, crashes_after=2, exit_code=3)
    stage.cluster.apply(web(1))
    stage.step()
    restarts: dict[int, int] = {}
    for second in range(200):
        (pod,) = stage.cluster.pods("default", "web")
        restarts.setdefault(pod.restarts, second)
        stage.step(1)
    gaps = [later - earlier for earlier, later in pairwise(restarts.values())]
    assert gaps[1:] == [3, 22, 42, 82]
    stored = stage.cluster.store.find("pods", "default", only(stage))
    assert stored is not None
    told = stored["status"]["containerStatuses"][0]
    assert told["lastState"]["terminated"]["exitCode"] == 3
    assert told["state"]["waiting"]["reason"] == "CrashLoopBackOff"
    assert stage.events("BackOff")[0]["type"] == "Warning"
    assert stage.events("BackOff")[0]["count"] > 2


def test_a_crash_loop_ends_when_its_fate_turns() -> None:
    stage = Stage()
    stage.fates.by_image["web:1"] = Fate(crashes_after=2, ready_after=1000)
    stage.cluster.apply(web(1))
    stage.until(lambda: "CrashLoopBackOff" in stage.statuses())
    del stage.fates.by_image["web:1"]
    stage.until(lambda: stage.cluster.deployment("default", "web").done)


def test_who_is_killed_for_memory_is_started_again_and_the_node_tells() -> None:
    stage = staged(1)
    name = only(stage)
    stage.cluster.killed("default", name, "OOMKilled", 137, stage.clock.now())
    assert stage.statuses() == ["OOMKilled"]
    stage.step()
    assert not stage.cluster.deployment("default", "web").ready
    (event,) = stage.events("OOMKilling")
    assert event["involvedObject"]["kind"] == "Node"
    stage.until(lambda: stage.cluster.deployment("default", "web").done)
    (pod,) = stage.cluster.pods("default", "web")
    assert (pod.name, pod.restarts) == (name, 1)


def test_an_image_that_is_there_again_ends_the_waiting() -> None:
    stage = Stage()
    stage.fates.by_image["web:1"] = Fate(image_missing=True)
    stage.cluster.apply(web(1))
    stage.step()
    stage.step(3)
    assert stage.statuses() == ["ImagePullBackOff"]
    assert [event["message"] for event in stage.events("BackOff")] == [
        'Back-off pulling image "web:1"'
    ]
    del stage.fates.by_image["web:1"]
    stage.until(lambda: stage.cluster.deployment("default", "web").done)


def test_an_evicted_pod_stays_as_failed_and_is_replaced() -> None:
    stage = staged(1)
    evicted = only(stage)
    words = "The node was low on resource: memory."
    stage.cluster.evicted("default", evicted, words, stage.clock.now())
    stage.step(3)
    assert stage.statuses() == ["Evicted", "Running"]
    assert stage.cluster.deployment("default", "web").done


def test_a_pod_that_fails_its_probe_takes_no_requests_until_it_passes() -> None:
    stage = staged(1)
    stage.cluster.unready("default", only(stage), "HTTP 503", stage.clock.now())
    stage.step()
    assert stage.cluster.deployment("default", "web").ready == 0
    assert stage.events("Unhealthy")[0]["message"] == "Readiness probe failed: HTTP 503"
    stage.cluster.unready("default", only(stage), "", stage.clock.now())
    stage.step()
    assert stage.cluster.deployment("default", "web").ready == 1


def test_a_pod_ends_within_its_grace_whatever_it_likes() -> None:
    stage = Stage(timings=Timings(second=0.1))
    stage.fates.by_image["web:1"] = Fate(stops_after=1000)
    stage.cluster.apply(web(1))
    stage.step()
    stage.step(5)
    stage.change(replicas=0)
    stage.step(2.9)
    assert stage.statuses() == ["Terminating"]
    stage.step(0.2)
    assert stage.statuses() == []


def test_what_fits_no_node_waits_and_says_why() -> None:
    stage = Stage()
    thing = web(1)
    container = thing["spec"]["template"]["spec"]["containers"][0]
    container["resources"] = {"requests": {"memory": "64Gi"}}
    stage.cluster.apply(thing)
    stage.step(5)
    assert stage.statuses() == ["Pending"]
    (event,) = stage.events("FailedScheduling")
    assert event["message"] == "0/1 nodes are available: 1 Insufficient memory."


def test_events_are_forgotten_after_an_hour() -> None:
    stage = staged(1)
    assert stage.events("Started")
    stage.step(3601)
    assert not stage.cluster.store.all("events")
