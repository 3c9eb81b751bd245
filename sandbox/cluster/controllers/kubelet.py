"""The life of pods on their nodes: from pulling the image to the last breath."""

from copy import deepcopy
from dataclasses import dataclass, field

from sandbox.cluster.controllers import statuses
from sandbox.cluster.controllers.room import Room
from sandbox.cluster.fates import Fate, Fates, PodView, view
from sandbox.wire import Json

SOURCE, PODS = "kubelet", "pods"
STARTING, PULLING, RUNNING, BACKING_OFF, ENDING = (
    *("starting", "pulling", "running"),
    *("backing off", "ending"),
)
OUT_OF_MEMORY = "OOMKilled"


@dataclass(slots=True)
class Life:
    """How far a pod's first container is, and what comes next, when."""

    phase: str
    fate: Fate
    due: float | None
    started: float | None = None
    ready_at: float | None = None
    ready: bool = False
    restarts: int = 0
    back_off: float = 0.0
    last: Json = field(default_factory=dict)
    unready: str = ""


class Kubelet:
    """Let pods start, become ready, crash, come back and end, as their fates say."""

    def __init__(self, room: Room, fates: Fates) -> None:
        self._room = room
        self._fates = fates
        self._lives: dict[str, Life] = {}
        self._images: set[tuple[str, str]] = set()

    def started_at(self, uid: str) -> float | None:
        """Return since when a pod's container runs, if it does."""
        life = self._lives.get(uid)
        return life.started if life else None

    def view(self, pod: Json) -> PodView:
        """Return a pod as the physics sees it."""
        meta = pod["metadata"]
        owners = meta.get("ownerReferences") or [{"name": ""}]
        above = self._room.store.find("replicasets.apps", meta["namespace"], owners[0]["name"])
        return view(pod, above, self.started_at(meta["uid"]))

    def due(self) -> float | None:
        """Return when something happens next."""
        moments = [at for life in self._lives.values() for at in (life.due, life.ready_at) if at]
        return min(moments, default=None)

    def reconcile(self) -> None:
        """Do all that is due now."""
        here = [pod for pod in self._room.store.all(PODS) if pod["spec"].get("nodeName")]
        alive = {pod["metadata"]["uid"] for pod in here}
        self._lives = {uid: life for uid, life in self._lives.items() if uid in alive}
        for pod in here:
            if pod["status"]["phase"] in ("Pending", "Running"):
                self._one(deepcopy(pod))

    def killed(self, pod: Json, reason: str, exit_code: int) -> None:
        """End a pod's running container by force; it is started again, sooner or later."""
        life = self._lives.get(pod["metadata"]["uid"])
        if life is not None and life.phase == RUNNING:
            self._crash(deepcopy(pod), life, reason, exit_code)

    def unready(self, pod: Json, why: str) -> None:
        """Let a pod fail its readiness probe, for a reason, or pass it again with none."""
        life = self._lives.get(pod["metadata"]["uid"])
        if life is None or life.phase != RUNNING:
            return
        life.unready = why
        if why:
            words = f"Readiness probe failed: {why}"
            self._room.tell(pod, "Unhealthy", words, SOURCE, warning=True)
        life.ready = not why and life.ready_at is None
        self._show(deepcopy(pod), life)

    def evicted(self, pod: Json, why: str) -> None:
        """End a pod for good, for want of what its node has."""
        told = deepcopy(pod)
        self._room.tell(told, "Evicted", why, SOURCE, warning=True)
        told["status"] = {
            "phase": "Failed",
            "reason": "Evicted",
            "message": f"Pod {why}",
            "startTime": told["status"].get("startTime", self._room.stamp),
        }
        self._lives.pop(told["metadata"]["uid"], None)
        self._room.store.save(PODS, told)

    def _one(self, pod: Json) -> None:
        uid, now = pod["metadata"]["uid"], self._room.now
        life = self._lives.get(uid)
        if life is None:
            life = self._lives[uid] = self._begin(pod)
        if "deletionTimestamp" in pod["metadata"] and life.phase != ENDING:
            self._end(pod, life)
        if life.ready_at is not None and now >= life.ready_at and life.phase == RUNNING:
            life.ready, life.ready_at = not life.unready, None
            self._show(pod, life)
        if life.due is None or now < life.due:
            return
        match life.phase:
            case "starting":
                self._start(pod, life)
            case "pulling":
                self._wait_for_image(pod, life)
            case "running":
                self._crash(pod, life, life.fate.reason, life.fate.exit_code)
            case "backing off":
                self._begin_again(pod, life)
            case _:
                meta = pod["metadata"]
                self._room.store.remove(PODS, meta["namespace"], meta["name"])

    def _begin(self, pod: Json) -> Life:
        pod["status"].setdefault("startTime", self._room.stamp)
        life = Life(STARTING, self._fates.fate(self.view(pod)), None)
        self._prepare(pod, life)
        return life

    def _prepare(self, pod: Json, life: Life) -> None:
        """Pull the image if there is one, and start after a while."""
        image, now = pod["spec"]["containers"][0]["image"], self._room.now
        is_here = (pod["spec"]["nodeName"], image) in self._images
        if life.fate.image_missing:
            life.phase, life.due = PULLING, now + life.fate.starts_after
            self._room.tell(pod, "Pulling", f'Pulling image "{image}"', SOURCE)
        else:
            life.phase, life.due = STARTING, now + life.fate.starts_after
            if not is_here:
                self._room.tell(pod, "Pulling", f'Pulling image "{image}"', SOURCE)
        if life.restarts == 0 and not life.back_off:
            self._show(pod, life, statuses.waiting("ContainerCreating"))

    def _wait_for_image(self, pod: Json, life: Life) -> None:
        image = pod["spec"]["containers"][0]["image"]
        why = (
            f'Failed to pull image "{image}": rpc error: code = NotFound desc = failed to pull '
            f'and unpack image "{image}": failed to resolve reference "{image}": not found'
        )
        self._room.tell(pod, "Failed", why, SOURCE, warning=True)
        self._room.tell(pod, "Failed", "Error: ErrImagePull", SOURCE, warning=True)
        life.back_off = self._next_back_off(life)
        words = f'Back-off pulling image "{image}"'
        self._room.tell(pod, "BackOff", words, SOURCE)
        self._room.tell(pod, "Failed", "Error: ImagePullBackOff", SOURCE, warning=True)
        life.phase, life.due = BACKING_OFF, self._room.now + life.back_off
        self._show(pod, life, statuses.waiting("ImagePullBackOff", words))

    def _begin_again(self, pod: Json, life: Life) -> None:
        life.fate = self._fates.fate(self.view(pod))
        if life.last:
            self._start(pod, life)
        else:
            self._prepare(pod, life)

    def _start(self, pod: Json, life: Life) -> None:
        container, now = pod["spec"]["containers"][0], self._room.now
        place = (pod["spec"]["nodeName"], container["image"])
        took = life.fate.starts_after / self._room.timings.second
        words = f'Successfully pulled image "{container["image"]}" in {took:.1f}s'
        if place in self._images:
            words = f'Container image "{container["image"]}" already present on machine'
        self._images.add(place)
        self._room.tell(pod, "Pulled", words, SOURCE)
        for one in pod["spec"]["containers"] if not life.last else [container]:
            self._room.tell(pod, "Created", f"Created container {one['name']}", SOURCE)
            self._room.tell(pod, "Started", f"Started container {one['name']}", SOURCE)
        fate = life.fate
        life.phase, life.started, life.ready = RUNNING, now, False
        life.due = None if fate.crashes_after is None else now + fate.crashes_after
        life.ready_at = now + fate.ready_after
        self._show(pod, life)

    def _crash(self, pod: Json, life: Life, reason: str, exit_code: int) -> None:
        now = self._room.now
        ran = now - (life.started or now)
        if reason == OUT_OF_MEMORY:
            self._tell_node(pod)
        container = pod["spec"]["containers"][0]
        life.last = statuses.terminated(reason, exit_code, life.started or now, now)
        if ran > self._room.lasting(self._room.timings.back_off_forgotten):
            life.back_off = 0.0
        is_first = not life.back_off
        life.back_off = self._next_back_off(life)
        life.phase, life.started, life.ready, life.ready_at = BACKING_OFF, None, False, None
        life.restarts += 1
        if is_first:
            life.due = now + self._room.lasting(1)
            self._show(pod, life, {"terminated": life.last})
            return
        life.due = now + life.back_off
        meta, waits = pod["metadata"], life.back_off / self._room.timings.second
        whom = f"container={container['name']} pod={meta['name']}_{meta['namespace']}"
        words = f"back-off {_minutes(waits)} restarting failed {whom}({meta['uid']})"
        said = "Back-off restarting failed container"
        self._room.tell(pod, "BackOff", said, SOURCE, warning=True)
        self._show(pod, life, statuses.waiting("CrashLoopBackOff", words))

    def _next_back_off(self, life: Life) -> float:
        timings = self._room.timings
        least, most = timings.back_off, timings.longest_back_off
        if not life.back_off:
            return self._room.lasting(least)
        return min(life.back_off * 2, self._room.lasting(most))

    def _tell_node(self, pod: Json) -> None:
        node = self._room.store.find("nodes", "", pod["spec"]["nodeName"])
        if node is not None:
            name = pod["spec"]["containers"][0]["name"]
            words = f"Memory cgroup out of memory: Killed process ({name})"
            where = f"of pod {pod['metadata']['namespace']}/{pod['metadata']['name']}"
            self._room.tell(node, "OOMKilling", f"{words} {where}", "kernel-monitor", warning=True)

    def _end(self, pod: Json, life: Life) -> None:
        grace = self._room.lasting(pod["metadata"]["deletionGracePeriodSeconds"])
        is_up = life.started is not None
        if is_up:
            for one in pod["spec"]["containers"]:
                self._room.tell(pod, "Killing", f"Stopping container {one['name']}", SOURCE)
        wait = min(life.fate.stops_after, grace) if is_up else 0.0
        life.phase, life.due = ENDING, self._room.now + wait
        if is_up and life.ready:
            life.ready = False
            self._show(pod, life)

    def _show(self, pod: Json, life: Life, state: Json | None = None) -> None:
        running = statuses.running(life.started) if life.started is not None else None
        told = state or running or statuses.waiting("ContainerCreating")
        first = statuses.First(told, life.last, life.restarts, life.ready)
        pod["status"] = statuses.status(pod, first, self._room.stamp)
        self._room.store.save(PODS, pod)


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
