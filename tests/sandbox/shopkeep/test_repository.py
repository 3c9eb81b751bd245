from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from sandbox.shopkeep.git import GitError, git
from sandbox.shopkeep.past import Deployment
from sandbox.shopkeep.repository import Repository

T = 1_768_485_600.0
DAY = 86400.0
VERSIONS = {"web": 88, "catalog": 31, "checkout": 41, "payments": 12, "inventory": 7, "mail": 2}


def made(folder: Path, seed: int = 7) -> Repository:
    return Repository.create(folder, VERSIONS, T, Random(seed))


def test_it_holds_weeks_of_several_peoples_work(tmp_path: Path) -> None:
    repository = made(tmp_path / "shop")
    lines = git(repository.folder, "log", "--format=%ct|%an|%s").split("\n")
    moments = [int(line.split("|")[0]) for line in reversed(lines)]
    assert 45 <= len(lines) <= 80
    assert len({line.split("|")[1] for line in lines}) >= 5
    assert all(before <= after for before, after in pairwise(moments))
    assert T - 43 * DAY < moments[0] < T - 30 * DAY
    assert moments[-1] < T - 0.8 * DAY
    assert git(repository.folder, "log", "--oneline", "--", "migrations") != ""
    folders = {path.name for path in repository.folder.iterdir() if path.is_dir()}
    assert folders >= {*VERSIONS, "migrations"}
    assert git(repository.folder, "status", "--porcelain") == ""


def test_each_deployment_is_tagged_in_the_order_of_time(tmp_path: Path) -> None:
    repository = made(tmp_path)
    tags = git(repository.folder, "tag", "--list", "checkout-v*", "--sort=creatordate")
    assert tags.split() == [f"checkout-v{number}" for number in range(36, 42)]
    manifest = git(repository.folder, "show", "checkout-v38:checkout/deploy.yml")
    assert manifest.endswith("image: registry.shop.example/checkout:v38\nversion: 38")
    assert "version: 41" in (repository.folder / "checkout" / "deploy.yml").read_text()


def test_the_same_seed_and_moment_make_the_same_commits(tmp_path: Path) -> None:
    one, same = made(tmp_path / "one"), made(tmp_path / "two")
    assert one.head() == same.head()
    assert made(tmp_path / "three", seed=8).head() != one.head()


def test_a_deployment_is_committed_tagged_and_in_the_work_tree(tmp_path: Path) -> None:
    repository = made(tmp_path)
    before = repository.head()
    deployed = Deployment(
        "checkout", 42, T, "Ada Okafor", 'Say "no" to <b> & émigrés 🎉', "add_tax"
    )
    after = repository.deploy(deployed)
    assert git(repository.folder, "rev-parse", "checkout-v42") == after == repository.head()
    assert git(repository.folder, "rev-parse", "HEAD^") == before
    shown = git(repository.folder, "log", "-1", "--format=%an|%ct|%s")
    assert shown == f'Ada Okafor|{T:.0f}|checkout: Say "no" to <b> & émigrés 🎉'
    changed = git(repository.folder, "diff", "--name-only", "checkout-v41", "checkout-v42")
    assert "checkout/deploy.yml" in changed
    assert "_checkout_add_tax.sql" in changed
    assert "version: 42" in (tmp_path / "checkout" / "deploy.yml").read_text()


def test_what_is_committed_alone_is_no_deployment(tmp_path: Path) -> None:
    repository = made(tmp_path)
    before = git(repository.folder, "tag")
    after = repository.commit("mail", T, "Bo Lindqvist", "Explain the queue")
    assert git(repository.folder, "tag") == before
    assert (
        git(repository.folder, "log", "-1", "--format=%H %s") == f"{after} mail: Explain the queue"
    )


def test_where_git_is_missing_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is not found: install git"):
        made(tmp_path / "shop")


def test_what_git_refuses_is_passed_on(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="git log failed: fatal: not a git repository"):
        git(tmp_path, "log")
