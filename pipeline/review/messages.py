"""What the page says when something does not work: Japanese for the clerk, by the kind of the error."""

from pipeline import errors
from pipeline.editing.desk import StaleEdit

_SAID: tuple[tuple[type[errors.KaigirokuError], int, str], ...] = (
    (StaleEdit, 409, "ほかの人が先にこの発言を直しました。"),
    (errors.EditError, 422, "この操作は今の議事録には当てはまりません。画面を読み込み直してください。"),
    (errors.DiskFullError, 507, "ディスクの空きがありません。空きを作るまで、修正はこのブラウザーに保管されます。"),
    (errors.BusyError, 503, "データベースが混み合っています。少し待って自動的にやり直します。"),
    (errors.LibraryError, 404, "その会議、または下書きが見つかりません。"),
    (errors.DatabaseError, 503, "データベースを使えません。情報システム担当に連絡してください。"),
    (errors.DependencyError, 501, "必要なプログラムがこのパソコンにありません。"),
    (errors.TemplateError, 500, "会議録の様式に誤りがあります。情報システム担当に連絡してください。"),
    (errors.TranscriptFileError, 400, "Word ファイルとして読み取れません。会議録の Word ファイルか確かめてください。"),
    (errors.LexiconFileError, 500, "辞書のファイルを読めません。情報システム担当に連絡してください。"),
    (errors.UsageError, 400, "そのファイルはもうありません。もう一度選んでください。"),
    (errors.AudioMissingError, 400, "録音ファイルが見つかりません。"),
    (errors.AudioEmptyError, 400, "録音ファイルが空(0バイト)です。もう一度コピーしてください。"),
    (errors.AudioNoSoundError, 400, "音声の入っていない動画です。"),
    (errors.AudioFormatError, 400, "音声ファイルとして読み取れません。録音のファイルか確かめてください。"),
    (errors.AudioTooLongError, 400, "録音が8時間を超えています。分けて登録してください。"),
    (errors.AudioTooShortError, 400, "録音が短すぎます。"),
)


def said(error: errors.KaigirokuError) -> tuple[int, str]:
    """(HTTP status, what the clerk reads)."""
    if isinstance(error, errors.WithheldError):  # says it in Japanese itself, with what to do
        return 409, f"{error.cause}{error.remedy}"
    for kind, status, text in _SAID:
        if isinstance(error, kind):
            return status, text
    return 500, "うまくいきませんでした。もう一度試し、続くようなら情報システム担当に連絡してください。"
