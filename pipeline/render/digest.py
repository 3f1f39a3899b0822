"""要点: of each speech only the sentences that matter, whole and as they were said. Nothing is written that was not
said, and nothing is taken out of the record: only what is printed is fewer."""

import re
from collections.abc import Sequence

from pipeline.lexicon.japanese import analyse
from pipeline.records.minutes import Block, Minutes, Sentence, Speech

IN_EXCHANGE, OTHERWISE = 2, 1
"""Sentences of one speech at most: where something is asked or answered, and where somebody speaks for himself."""
_QUESTION = re.compile(r"(?:か|かね|かな|でしょう)[。？?]?$|[？?]$")
_COURTESY = re.compile(
    r"^(?:はい|ええ|いえ|どうぞ|了解|分かりました|わかりました|承知)[^、]{0,8}。?$|ありがとうござい|^お疲れ|^失礼|^お答え|"
    r"(?:よろしく|どうぞ).{0,6}お願い|ご迷惑をおかけ|^.{0,16}(?:伺います|質問いたします|気になった点がございます)。?$"
)
_PROCEDURE = re.compile(
    r"(?:説明|報告|ご?発言|[ご御]?意見|[ご御]?質問|質疑).{0,14}"
    r"(?:お願い|求め|終わりました|お聞かせ|いらっしゃいま|よろしいで|"
    r"いただ(?:け|き)ますか|ございま(?:す|せん)か|あり(?:ます|ません)か)|"
    r"(?:次|それで|続き|ただいま|以上).{0,24}(?:移り|進み|入り|開催|開会|閉会|終了|開きます)|議題と|"
    r"(?:案件|議題|議事).{0,6}(?:以上|終了)|(?:以上|これ)(?:を|で).{0,24}(?:閉会|終了)|異議.{0,8}(?:ございませんか|ありませんか|なし)|"
    r"お?諮り(?:いた)?します|^.{0,12}(?:よろしい|いかが)でしょうか|(?:了承|承認|可決|決定)(?:いた)?しま(?:す|した)。?$"
)
_STATES = re.compile(
    r"できま|可能|予定|決ま|定め|必要|実施|検討|確認して|設け|始め|終え|増え|減っ|課題|理由|ため(?:です|でござい)"
)
_WANTS = re.compile(r"べき|ほしい|欲しい|いただきたい|たいと(?:思|考)|要望|提案|賛成|反対|懸念|求めます")
_COUNTS = re.compile(r"[0-9０-９]|パーセント|割|円|件|人")
_SAYS = ((_STATES, 1.0), (_WANTS, 1.0), (_COUNTS, 0.5))
_CONTENT = ("名詞", "動詞", "形容詞", "形状詞")


def digest(minutes: Minutes) -> Minutes:
    """Headings, explanations, decisions, and of every speech the questions, answers and statements that weigh most. A
    speech of which nothing is left is not printed."""
    body: list[Block] = []
    asked: frozenset[str] = frozenset()
    for block in minutes.body:
        if not isinstance(block, Speech):
            body.append(block)
            continue
        sentences = [sentence for paragraph in block.paragraphs for sentence in paragraph]
        kept = _kept(sentences, asked)
        if kept:
            body.append(block.model_copy(update={"paragraphs": (tuple(kept),)}))
        asked = frozenset().union(*(_content(s.text) for s in kept if _asks(s.text))) if kept else frozenset()
    return minutes.model_copy(update={"body": tuple(body)})


def _kept(sentences: Sequence[Sentence], asked: frozenset[str]) -> list[Sentence]:
    """In their order. asked: what the speech before asked about."""
    said = [sentence for sentence in sentences if sentence.text and not _says_nothing(sentence.text)]
    if not said and asked:  # はい。 answers a question
        return [sentence for sentence in sentences if sentence.text][:1]
    exchange = bool(asked) or any(_asks(sentence.text) for sentence in said)
    weighed = sorted(said, key=lambda sentence: -_weight(sentence.text, asked))
    best = {id(sentence) for sentence in weighed[: IN_EXCHANGE if exchange else OTHERWISE]}
    return [sentence for sentence in said if id(sentence) in best]


def _says_nothing(text: str) -> bool:
    return bool(_COURTESY.search(text) or _PROCEDURE.search(text)) or not _content(text)


def _asks(text: str) -> bool:
    return bool(_QUESTION.search(text)) and not _PROCEDURE.search(text)


def _weight(text: str, asked: frozenset[str]) -> float:
    """Questions before all; then what takes up the words of the question, states, wants or counts something."""
    content = _content(text)
    common = len(content & asked) / len(asked) if asked else 0.0
    says = sum(weight for pattern, weight in _SAYS if pattern.search(text))
    return 3.0 * _asks(text) + 2.0 * common + says + 0.05 * min(len(content), 20)


def _content(text: str) -> frozenset[str]:
    return frozenset(token.form for token in analyse(text) if token.pos[0] in _CONTENT and len(token.surface) > 1)
