"""The notices name the licence each wheel declares, and carry the text the licence asks for."""

from pathlib import Path

import pytest

from pipeline.kit.licences import write_notices
from pipeline.kit.wheel_files import Shelf
from pipeline.weights.manifest import load_manifest
from tests.kit.small_wheels import make_wheel

ROOT = Path(__file__).parents[2]
OSI = "Classifier: License :: OSI Approved :: "


@pytest.fixture
def notices(tmp_path):
    def written(**wheel) -> tuple[str, list[str], list[str]]:
        """The line of a wheel in the summary, the texts beside it, and what is told to be without any."""
        folder = tmp_path / "wheels"
        folder.mkdir()
        make_wheel(folder, "some", **wheel)
        shelf = Shelf(folder)
        shelf.refresh()
        without = write_notices(shelf.wheels, [("base", "MIT", "https://example.org")], tmp_path / "licences")
        lines = (tmp_path / "licences" / "THIRD-PARTY.txt").read_text(encoding="utf-8").splitlines()
        assert "base: MIT  (https://example.org)" in lines
        texts = sorted(
            path.relative_to(tmp_path / "licences" / "some-1.0").as_posix()
            for path in (tmp_path / "licences" / "some-1.0").rglob("*")
            if path.is_file()
        )
        return next(line for line in lines if line.startswith("some 1.0: ")), texts, without

    return written


def test_texts_of_the_package_and_of_what_it_carries(notices):
    files = {
        ".dist-info/licenses/LICENSE": "\n  MIT License\n",
        ".dist-info/licenses/vendor/NOTICE": "of others",
        "some/vendor/LICENSE.txt": "of others",
        "some/licence_check.py": "code",
    }
    line, texts, without = notices(files=files, metadata="Project-URL: Source, https://example.org/some\n")
    assert line == "some 1.0: MIT License  (https://example.org/some)"
    assert texts == ["LICENSE", "some/vendor/LICENSE.txt", "vendor/NOTICE"]
    assert without == []


@pytest.mark.parametrize(
    ("metadata", "licence", "text"),
    [
        ("License-Expression: Apache-2.0\nLicense: other\n", "Apache-2.0", "Apache-2.0.txt"),
        ("License: LGPL-2.1-only\n", "LGPL-2.1-only", "LGPL-2.1.txt"),
        (f"License: UNKNOWN\n{OSI}MIT License\n", "MIT License", "MIT.txt"),
    ],
)
def test_a_wheel_without_text_gets_that_of_the_licence_it_declares(notices, metadata, licence, text):
    line, texts, without = notices(metadata=metadata)
    assert (line, texts, without) == (f"some 1.0: {licence}", [text], [])


def test_what_declares_nothing_is_told(notices):
    line, texts, without = notices()
    assert (line, texts, without) == ("some 1.0: not declared", [], ["some"])


@pytest.mark.parametrize("model", load_manifest().bundled, ids=lambda model: model.name)
def test_weights_carry_the_licence_the_manifest_names(model):
    text = (ROOT / "models" / "licences" / f"{model.name}.txt").read_text(encoding="utf-8")
    title = {"MIT": "MIT License\n", "Apache-2.0": "Apache License\n"}[model.licence]
    assert title in text and "Copyright" in text and model.origin in text
