"""What to know of a recording before it is drafted, and what to change in the room next time, in Japanese."""

from collections.abc import Iterator
from typing import Literal

from pipeline.evaluate.recording.acoustics import Acoustics
from pipeline.evaluate.recording.expectation import Expectation, expectation
from pipeline.records.base import Record
from pipeline.records.recording import RecordingPart

State = Literal["good", "note", "bad"]
Distance = Literal["near", "middle", "far"]
DISTANCES: dict[Distance, str] = {
    "near": "近い（50cm以内の見込み）",
    "middle": "やや遠い（1m前後の見込み）",
    "far": "遠い（1mを超える見込み）",
}
_NEAR_DB, _FAR_DB = 13.0, 9.0
"""Early fall (acoustics.Falls): measured at direct-to-reverberant ratios of about 10 and 0 dB, the distances are those
of an office room with a critical distance of 1 m (Kuttruff, Room Acoustics)."""
_MINUTE_MS = 60_000


class Finding(Record):
    """One property: measured says the figure, text what it means, advice what to change (empty when good)."""

    name: str
    state: State
    measured: str
    text: str
    advice: str = ""


class Preflight(Record):
    """The report of `kaigiroku check`."""

    parts: tuple[RecordingPart, ...]
    acoustics: Acoustics
    distance: Distance | None
    findings: tuple[Finding, ...]
    expected: Expectation | None


def preflight(parts: tuple[RecordingPart, ...], found: Acoustics) -> Preflight:
    """parts: the files as they were decoded."""
    distance = distance_of(found)
    return Preflight(
        parts=parts,
        acoustics=found,
        distance=distance,
        findings=tuple(_findings(parts, found, distance)),
        expected=expectation(found),
    )


def distance_of(found: Acoustics) -> Distance | None:
    """From how fast the direct sound falls; None where noise hides it."""
    if found.falls is None:
        return None
    return "near" if found.falls.early_db >= _NEAR_DB else "far" if found.falls.early_db < _FAR_DB else "middle"


def _findings(parts: tuple[RecordingPart, ...], found: Acoustics, distance: Distance | None) -> Iterator[Finding]:
    if found.speech_dbfs is None:
        yield Finding(
            name="声",
            state="bad",
            measured="なし",
            text="声が見つかりません。",
            advice="録音機器とマイクの接続を確かめてください。",
        )
        return
    yield _level(found.speech_dbfs)
    yield _clipping(found.clipped_share)
    if found.snr_db is not None:
        yield _noise(found.snr_db)
    yield _room(found, distance)
    yield _bandwidth(parts, found)
    yield _share(found.speech_share)
    yield from _idle(found)


def _level(level: float) -> Finding:
    measured = f"{level:.0f} dBFS"
    if level >= -40:
        return Finding(name="声の大きさ", state="good", measured=measured, text="十分な大きさです。")
    return Finding(
        name="声の大きさ",
        state="note" if level >= -55 else "bad",
        measured=measured,
        text="声が小さく録れています。" if level >= -55 else "声がたいへん小さく録れています。",
        advice="録音レベルを上げるか、マイクを発言者に近づけてください。",
    )


def _clipping(share: float) -> Finding:
    measured = f"{100 * share:.1f}%"
    if share < 0.005:
        return Finding(name="音割れ", state="good", measured=measured, text="ほとんどありません。")
    return Finding(
        name="音割れ",
        state="note" if share < 0.1 else "bad",
        measured=measured,
        text="大きな声が割れています。",
        advice="録音レベルを下げるか、自動調整（AGC）を切って、マイクを少し離してください。",
    )


def _noise(snr: float) -> Finding:
    measured = f"{snr:.0f} dB"
    if snr >= 25:
        return Finding(name="声と雑音の差", state="good", measured=measured, text="静かな録音です。")
    return Finding(
        name="声と雑音の差",
        state="note" if snr >= 15 else "bad",
        measured=measured,
        text="空調などの雑音があります。" if snr >= 15 else "雑音が声に近い大きさで、誤りが大きく増えます。",
        advice="空調の吹き出しやプロジェクターからマイクを離し、マイクを発言者に近づけてください。",
    )


def _room(found: Acoustics, distance: Distance | None) -> Finding:
    if distance is None or found.falls is None:
        text = "雑音に隠れて、部屋の響きは分かりません。"
        return Finding(name="マイクの距離と響き", state="note", measured="不明", text=text)
    measured = f"響き {found.falls.decay_s:.2f}秒"
    if distance == "near":
        return Finding(
            name="マイクの距離と響き", state="good", measured=measured, text=f"マイクは{DISTANCES[distance]}です。"
        )
    return Finding(
        name="マイクの距離と響き",
        state="note" if distance == "middle" else "bad",
        measured=measured,
        text=f"マイクは{DISTANCES[distance]}で、部屋の響きが混じっています。",
        advice="マイクを1人か2人に1本にして発言者の50cm以内に置いてください。カーテンを引くと響きが減ります。",
    )


def _bandwidth(parts: tuple[RecordingPart, ...], found: Acoustics) -> Finding:
    rate = min((part.sample_rate_hz for part in parts), default=16_000)
    top = min(found.bandwidth_hz or 0, rate // 2)
    measured = f"{top / 1000:.1f} kHzまで"
    if top > 6000:
        return Finding(name="音の帯域", state="good", measured=measured, text="十分な帯域です。")
    if rate >= 16_000 and (found.snr_db or 0.0) < 25:
        return Finding(name="音の帯域", state="note", measured=measured, text="高い音は雑音に隠れています。")
    return Finding(
        name="音の帯域",
        state="note",
        measured=measured,
        text="電話のような帯域です。" if top <= 5000 else "高い音が失われています。",
        advice="電話回線やBluetoothを通さず、録音機器の音質設定を上げてください（16kHz以上）。",
    )


def _share(share: float) -> Finding:
    measured = f"{100 * share:.0f}%"
    if share >= 0.3:
        return Finding(name="発言の割合", state="good", measured=measured, text="発言が続いています。")
    advice = "休憩中は録音を止めるか、マイクが声を拾っているかを確かめてください。"
    return Finding(
        name="発言の割合", state="note", measured=measured, text="発言のない時間が長くあります。", advice=advice
    )


def _idle(found: Acoustics) -> Iterator[Finding]:
    for name, idle_ms in (("始まる前の無音", found.idle_head_ms), ("終わった後の無音", found.idle_tail_ms)):
        if idle_ms >= _MINUTE_MS:
            yield Finding(
                name=name,
                state="note",
                measured=f"{idle_ms / _MINUTE_MS:.0f}分",
                text="声のない録音が付いています。音声認識が文章を作り出すことがあります。",
                advice="会議が終わったら録音を止めてください。",
            )
