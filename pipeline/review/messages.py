"""What the page says when something does not work: Japanese for the clerk, by the kind of the error, and what to do."""

from pipeline import errors
from pipeline.editing.desk import StaleEdit

_AGAIN = "もう一度試し、続くようなら情報システム担当に連絡してください。"
UNEXPECTED = f"うまくいきませんでした。{_AGAIN}"
"""What is said of a mistake of ours."""
_SAID: tuple[tuple[type[errors.KaigirokuError], int, str], ...] = (
    (StaleEdit, 409, "ほかの人が先にこの発言を直しました。"),
    (errors.EditError, 422, "この操作は今の議事録には当てはまりません。画面を読み込み直してください。"),
    (
        errors.DiskFullError,
        507,
        "ディスクの空きがありません。情報システム担当に連絡してください。"
        "打った修正は、空きができるまでこのブラウザーに保管されます。",
    ),
    (errors.BusyError, 503, "データベースが混み合っています。少し待って自動的にやり直します。"),
    (errors.LibraryError, 404, "その会議、または下書きが見つかりません。"),
    (errors.DatabaseError, 503, "データベースを使えません。情報システム担当に連絡してください。"),
    (errors.DependencyError, 501, "必要なプログラムがこのパソコンにありません。"),
    (errors.TemplateError, 500, "会議録の様式に誤りがあります。情報システム担当に連絡してください。"),
    (
        errors.PublicCopyReturnedError,
        400,
        "公開用の写しは取り込めません。修正中か確定版の Word ファイルを選んでください。",
    ),
    (
        errors.ForeignMinutesError,
        409,
        "この会議の発言が半分も入っていません。別の会議か、一部だけの Word ファイルのようです。",
    ),
    (errors.TranscriptFileError, 400, "Word ファイルとして読み取れません。会議録の Word ファイルか確かめてください。"),
    (errors.LexiconFileError, 500, "辞書のファイルを読めません。情報システム担当に連絡してください。"),
    (errors.UsageError, 400, "そのファイルはもうありません。もう一度選んでください。"),
    (errors.AudioMissingError, 400, "録音ファイルが見つかりません。"),
    (errors.AudioUnreadableError, 400, "録音ファイルを読めません。情報システム担当に連絡してください。"),
    (errors.AudioEmptyError, 400, "録音ファイルが空(0バイト)です。もう一度コピーしてください。"),
    (errors.AudioNoSoundError, 400, "音声の入っていない動画です。音声のある録音を選んでください。"),
    (errors.AudioFormatError, 400, "音声ファイルとして読み取れません。録音のファイルか確かめてください。"),
    (errors.AudioTooLongError, 400, "録音が8時間を超えています。分けて登録してください。"),
    (errors.AudioTooShortError, 400, "録音が短すぎます。正しい録音か確かめてください。"),
    (errors.AudioTooManyChannelsError, 400, "録音のチャンネルが多すぎます。32チャンネルまでにしてください。"),
)
_NO_DRAFT = {
    "ModelMissingError": "聞き取りに使うモデルが、このパソコンに入っていません。"
    "情報システム担当にモデルの用意を頼んでください。",
    "ModelDamagedError": "聞き取りに使うモデルが壊れています。情報システム担当にモデルの入れ直しを頼んでください。",
    "DiskFullError": "ディスクの空きがありません。いらないファイルを消すか、情報システム担当に連絡してください。",
    "OutputError": "会議を置くフォルダーに書き込めません。情報システム担当に連絡してください。",
    "EngineError": f"聞き取りの途中で、モデルが動かなくなりました。{_AGAIN}",
    "WorkerDiedError": "下書きを作るプログラムが途中で止まりました(メモリ不足など)。"
    "ほかのソフトを閉じてもう一度試し、続くようなら情報システム担当に連絡してください。",
    "DependencyError": "下書きに必要なプログラムがありません。情報システム担当に連絡してください。",
    "VoicesError": "登録されている声を読めません。情報システム担当に連絡してください。",
}
"""Kinds of errors that mean something else while a draft is made than while somebody edits."""


def said(error: errors.KaigirokuError) -> tuple[int, str]:
    """(HTTP status, what the clerk reads)."""
    if isinstance(error, errors.WithheldError):  # says it in Japanese itself, with what to do
        return 409, f"{error.cause}{error.remedy}"
    for kind, status, text in _SAID:
        if isinstance(error, kind):
            return status, text
    return 500, UNEXPECTED


def no_draft(kind: str) -> str:
    """Why there is no draft and what to do about it. kind: name of the error."""
    known = {error.__name__: text for error, _, text in _SAID if error is not errors.UsageError}
    return _NO_DRAFT.get(kind) or known.get(kind) or f"下書きを作れませんでした。{_AGAIN}"
