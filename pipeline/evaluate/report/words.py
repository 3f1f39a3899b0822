"""The sentences of the reports, for readers who were never told what a recognition rate is."""

from pipeline.evaluate.claim import profile_label
from pipeline.evaluate.metrics.effort import EditEffort
from pipeline.evaluate.metrics.rates import Rate
from pipeline.evaluate.results import Evaluation, SystemScores
from pipeline.evaluate.uncertainty.paired import PairedTest

TWO_FIGURES = (
    "この報告書には性質の違う2つの数字があり、混ぜて使うことはできません。「認識率」は、実際に話された言葉（逐語の正解）を100としたとき、"
    "機械がどれだけ文字にできたかです（100から文字誤り率を引いた値）。「修正量」は、機械の草稿を会議録として完成させるまでに人がどれだけ"
    "手を入れたかです。会議録は読みやすく整えて書くので、機械が正しく聞き取った言葉も人は直します。そのため認識率が95%でも、修正が5%で"
    "済むわけではありません。業者が示す数字がどちらなのか、どの録音で、どの数え方で測ったのかを、必ず確かめてください。"
)
"""Edit effort and recognition rate, told apart in one paragraph."""
FAIR_TRIAL = (
    "製品を公平に試すには、自分たちの会議室で録った会議を、静かな回と話しにくい回を含めて3回以上、合わせて60分以上用意します。"
    "そのうち連続した10分ずつを、言いよどみも含めて話されたとおりに書き起こし（正解）、すべての製品に同じ録音を渡し、結果を直さずに"
    "そのまま受け取ります。正解を作る人は製品の結果を見ません。製品の名前を伏せて同じ数え方で測り、誤差の範囲と、製品間の差が偶然で"
    "ないかを確かめます。良い録音だけ、良い箇所だけを選んだ数字は、導入後の体感と合いません。"
)
"""How a product is tried fairly (docs/evaluation-trial.md)."""
OVER_100 = (
    "誤りの数が正解の文字数を超えているため、認識率が0%を下回っています。"
    "話されていない文章を大量に作り出したときに起こります。"
)
NOTHING_SAID = "正解に文字がないため、認識率は計算できません。"


def percent(value: float | None, digits: int = 1) -> str:
    """87.8%; a dash where there is none."""
    return "―" if value is None else f"{value:.{digits}f}%"


def share(value: float | None) -> str:
    """A fraction as per cent."""
    return percent(None if value is None else 100 * value)


def interval(rate: Rate) -> str:
    """84.3〜90.7%, or empty."""
    return f"{rate.interval.low:.1f}〜{rate.interval.high:.1f}%" if rate.interval else ""


def clock(milliseconds: int | None) -> str:
    """0:12:31; empty where the place is not known."""
    if milliseconds is None:
        return ""
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def headline(system: SystemScores) -> str:
    """The figure in one sentence, with what it may be used for."""
    rate = system.main
    if rate is None:
        return effort_line(system.effort) if system.effort else "話者の区切りだけを測りました。"
    if rate.percent is None:
        return NOTHING_SAID
    said = f"認識率は{percent(rate.percent)}です（数え方: {profile_label(rate.profile)}"
    said += f"、95%信頼区間 {interval(rate)}）。" if rate.interval else ")。"
    if rate.percent < 0:
        said += OVER_100
    return said + (sample_line(rate) if not rate.sample.enough else "")


def sample_line(rate: Rate) -> str:
    """Why the sample is too small, and how much would do."""
    needed = rate.sample.minutes_needed
    more = f"±1ポイントで言うには、同じような録音が約{needed}分必要です。" if needed else ""
    why = "、".join(rate.sample.reasons)
    return f"ただし測定に使った量が少なく、この数字だけで判断することはできません。{why}。{more}"


def effort_line(effort: EditEffort) -> str:
    """What the person had to do."""
    said = (
        f"修正量は{share(effort.changed_share)}です（完成した会議録{effort.characters.reference:,}字に対して"
        f"{effort.characters.errors:,}字を変更）。発言{effort.turns}件のうち{effort.turns_changed}件に手が入り、"
        f"役職は{effort.role_changed}件変わりました。"
    )
    if effort.audio_ms and effort.audio_to_change_ms is not None:
        said += (
            f"録音{effort.audio_ms / 60000:.1f}分のうち{effort.audio_to_change_ms / 60000:.1f}分に修正がありました。"
        )
    if effort.clerk_ms is not None:
        said += f"修正にかかった時間は{effort.clerk_ms / 60000:.0f}分"
        per_hour = effort.clerk_minutes_per_hour
        said += f"（録音1時間当たり{per_hour:.0f}分）です。" if per_hour is not None else "です。"
    return said


def paired_line(test: PairedTest) -> str:
    """Two systems compared, in words that do not claim more than the test does."""
    spread = f"（95%信頼区間 {test.interval.low:+.1f}〜{test.interval.high:+.1f}）" if test.interval else ""
    said = (
        f"{test.first}と{test.second}の認識率の差は{test.difference:+.1f}ポイント{spread}、p={test.p_value:.3g}です。"
    )
    if test.verdict == "undecided":
        return said + "この録音では、どちらが良いとも言えません。"
    better = test.first if test.verdict == "first" else test.second
    return said + f"{better}の方が良いと言えます（偶然でこれだけの差が出る見込みは5%未満です）。"


def expected_line(evaluation: Evaluation) -> str:
    """What the recording let one expect against what was measured; empty where either is not known."""
    found = evaluation.preflight.expected if evaluation.preflight else None
    rate = next((system.main for system in evaluation.systems if system.main), None)
    if found is None or rate is None or rate.percent is None:
        return ""
    band = f"{found.low:.0f}〜{found.high:.0f}%"
    said = f"録音の状態からの見込み（同梱のモデル {found.model}）は{band}、測定値は{percent(rate.percent)}で、"
    if rate.percent < found.low:
        return said + "見込みを下回りました。話し方、専門用語、発言の重なりなど、音の状態のほかに原因があります。"
    return said + ("見込みの範囲内です。" if rate.percent <= found.high else "見込みを上回りました。")
