"""kaigiroku lexicon add, list, import, remove and test, as a person types them."""

from pathlib import Path

from typer.testing import CliRunner

from pipeline.cli.lexicon import app

RUNNER = CliRunner()


def say(file: Path, *arguments: str) -> tuple[int, str]:
    result = RUNNER.invoke(app, [*arguments, "--file", str(file)])
    return result.exit_code, result.output


def test_add_list_remove(tmp_path: Path) -> None:
    file = tmp_path / "office" / "dictionary.toml"
    assert say(file, "add", "若葉台連絡所") == (0, "若葉台連絡所\tワカバダイレンラクショ\n")
    assert say(file, "add", "若葉台連絡所", "わかばだいれんらくじょ")[0] == 0
    code, listed = say(file, "list")
    assert (code, listed.split("\t")[:2]) == (0, ["若葉台連絡所", "ワカバダイレンラクジョ"])
    assert say(file, "remove", "若葉台連絡所")[0] == 0
    assert say(file, "list") == (0, "")


def test_mistakes_have_a_cause_and_a_next_step(tmp_path: Path) -> None:
    file = tmp_path / "dictionary.toml"
    for arguments in (["remove", "ない語"], ["add", "〓"], ["import", str(tmp_path / "none.txt")]):
        code, output = say(file, *arguments)
        assert code == 2
        assert "next:" in output


def test_import_adds_only_what_is_new(tmp_path: Path) -> None:
    file, export = tmp_path / "dictionary.toml", tmp_path / "ime.txt"
    export.write_bytes("ちょうぎ\t庁議\t名詞\r\nしょかん\t所管\t名詞\r\n".encode("utf-16"))
    say(file, "add", "庁議", "チョウギ")
    assert say(file, "import", str(export))[1].startswith("1 terms added")


def test_test_shows_what_changes_and_why(tmp_path: Path) -> None:
    file = tmp_path / "dictionary.toml"
    say(file, "add", "若葉見守りネット", "ワカバミマモリネット")
    code, output = say(file, "test", "次に若場見守りネットの説明です")
    assert code == 0
    assert output.startswith("次に若葉見守りネットの説明です")
    assert "庁内辞書「若葉見守りネット」" in output
