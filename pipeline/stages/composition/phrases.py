"""The set phrases of a meeting, as regular expressions over the katakana reading, because recognition gets sounds right
more often than letters."""

import re

ASKS_EXPLANATION = re.compile(r"(?:セツメイ|ホウコク).{0,30}(?:ネガ|モト|イタダ|チョウダイ)")
"""ご説明をお願いします、報告を求めます."""
TAKES_UP = re.compile(r"ギダイ(?:ト|ニ)|(?:シンギ|キョウギ).{0,6}(?:イタシマス|ネガイ|ハイリ)")
"""議題といたします."""
TO_THE_NEXT = re.compile(
    r"^(?:ソレデハ|デハ)?(?:ツギ|ツヅ|サイゴ|マズ|ハジメ|ギジニ|.{0,8}(?:ウツ|ススミマス|ハイリマス))"
)
"""A sentence that only leads over: それでは次に移ります."""
MOVES_ON = re.compile(r"^(?:ソレデハ|デハ|ツギニ|ツギハ|ツヅイテ|ツヅキマシテ|サイゴニ|マズ|ハジメニ)")
ALL_TOGETHER = re.compile(r"(?:ツギダイ|ギジシダイ|ホンジツノ(?:ギダイ|アンケン|ギジ))")
"""Announces the day's items; none begins there."""
EXPLAINING = re.compile(
    r"(?:セツメイ|ホウコク)(?:モウシアゲ|イタシ|サセ|シマス|シタイ)|シリョウ.{0,8}(?:ゴラン|モト|ヨリ)"
)
HANDS_OVER = re.compile(r"(?:カラ|ヨリ).{0,14}(?:セツメイ|ホウコク|ホソク).{0,8}(?:イタシマス|サセ|シマス|モウシアゲ)")
"""続きは係長からご説明いたします."""
EXPLAINED = re.compile(
    r"(?:セツメイ|ホウコク)ハ.{0,4}イジョウ|イジョウ(?:デ|ガ).{0,6}(?:セツメイ|ホウコク)|"
    r"(?:セツメイ|ホウコク).{0,6}(?:オワ|シュウリョウ)|^イジョウ(?:デス|デゴザイマス|デアリマス|ニナリマス|トナリマス)"
)
COURTESY = re.compile(r"(?:ネガイ(?:イタ)?シマス|ネガイモウシアゲマス|アリガトウゴザイ(?:マス|マシタ))$")
CLOSES = re.compile(
    r"ヘイカイ|サンカイ|(?:ホンジツ|キョウ|ヨテイ).{0,12}(?:アンケン|ギダイ|ギジ|シンギ|ニッテイ).{0,14}"
    r"(?:イジョウ|シュウリョウ|オワリ)|イジョウ.{0,6}(?:モチマシテ|モッテ).{0,20}(?:オワ|シュウリョウ|ヘイ)"
)
ASKS = re.compile(r"(?:カ|カネ|イカガ|ヨロシイ)$")
"""Ends as a question, when the mark is missing."""
