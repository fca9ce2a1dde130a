"""Files are found once, named for people, and what is not read is said."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from baocao.errors import UsageError
from baocao.sources import discover, shown_name


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def found(*sources: Path, out: Path) -> dict[str, str]:
    return {item.source: item.skip for item in discover(sources, out)}


def test_names_are_relative_in_order_and_say_why_a_file_is_skipped(tmp_path: Path) -> None:
    touch(
        tmp_path / "in",
        "b.docx",
        "a/c.pdf",
        "~$b.docx",
        "Thumbs.db",
        ".hidden",
        ".git/config",
        ".~lock.b.docx#",
        "a/._c.pdf",
        "~WRL0001.tmp",
    )
    assert found(tmp_path / "in", out=tmp_path / "out") == {
        ".git/": "hidden-file",
        ".hidden": "hidden-file",
        ".~lock.b.docx#": "lock-file",
        "Thumbs.db": "thumbnail-file",
        "a/._c.pdf": "thumbnail-file",
        "a/c.pdf": "",
        "b.docx": "",
        "~$b.docx": "lock-file",
        "~WRL0001.tmp": "lock-file",
    }
    names = [item.source for item in discover([tmp_path / "in"], tmp_path / "out")]
    assert names == sorted(names)


def test_what_the_ignore_file_names_is_left_out(tmp_path: Path) -> None:
    touch(tmp_path / "in", "manifest.csv", "truth/a.csv", "truth/keep.csv", "b/truth.txt", "c.txt")
    (tmp_path / "in" / ".baocaoignore").write_text("# not reports\ntruth/\n/manifest.csv\n*.bak\n", "utf-8")
    assert found(tmp_path / "in", out=tmp_path / "out") == {"b/truth.txt": "", "c.txt": ""}


def test_links_fifos_and_what_lies_behind_them_are_not_followed(tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere", "secret.docx")
    source = touch(tmp_path / "in", "a.txt")
    (source / "file.docx").symlink_to(tmp_path / "elsewhere" / "secret.docx")
    (source / "folder").symlink_to(tmp_path / "elsewhere")
    (source / "loop").symlink_to(source)
    os.mkfifo(source / "pipe")
    assert found(source, out=tmp_path / "out") == {
        "a.txt": "",
        "file.docx": "link",
        "folder": "link",
        "loop": "link",
        "pipe": "not-a-file",
    }


def test_several_sources_are_told_apart_by_their_last_names(tmp_path: Path) -> None:
    a, b, c = (touch(tmp_path / name, "x.txt") for name in ("hue/2023", "hanoi/2023", "2024"))
    assert list(found(a, b, c, out=tmp_path / "out")) == ["2023-2/x.txt", "2023/x.txt", "2024/x.txt"]


def test_a_file_can_be_a_source_and_nothing_is_found_twice(tmp_path: Path) -> None:
    source = touch(tmp_path / "in", "a.txt", "sub/b.txt")
    assert found(source / "a.txt", out=tmp_path / "out") == {"a.txt": ""}
    assert list(found(source, source / "sub", source / "a.txt", out=tmp_path / "out")) == ["in/a.txt", "in/sub/b.txt"]


def test_names_are_shown_in_nfc_and_never_break_a_line(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Báo cáo.txt")
    source = touch(tmp_path / "in", decomposed, "a\nb.txt", os.fsdecode(b"b\xe1o.txt"))
    assert set(found(source, out=tmp_path / "out")) == {"Báo cáo.txt", "a\ufffdb.txt", "b\ufffdo.txt"}


def test_two_spellings_of_one_name_stay_two_files(tmp_path: Path) -> None:
    source = touch(tmp_path / "in", "Báo.txt", unicodedata.normalize("NFD", "Báo.txt"))
    assert set(found(source, out=tmp_path / "out")) == {"Báo.txt", "Báo.txt~2"}


@pytest.mark.parametrize(("source", "out"), [("in", "in"), ("in", "in/out"), ("in/sub", "in")])
def test_output_and_input_must_lie_apart(tmp_path: Path, source: str, out: str) -> None:
    touch(tmp_path / "in", "sub/a.txt")
    with pytest.raises(UsageError, match="inside"):
        discover([tmp_path / source], tmp_path / out)


@pytest.mark.parametrize("missing", ["nowhere", "in/nothing"])
def test_a_missing_or_empty_source_is_wrong_usage(tmp_path: Path, missing: str) -> None:
    (tmp_path / "in" / "nothing").mkdir(parents=True)
    with pytest.raises(UsageError) as caught:
        discover([tmp_path / missing], tmp_path / "out")
    assert caught.value.exit_code == 2
    assert caught.value.next_step


def test_no_source_at_all_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        discover([], tmp_path / "out")


@pytest.mark.parametrize(("name", "shown"), [("a.txt", "a.txt"), ("a\tb", "a\ufffdb"), ("\udce1", "\ufffd")])
def test_shown_names(name: str, shown: str) -> None:
    assert shown_name(name) == shown
