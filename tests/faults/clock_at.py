"""Runs `kaigiroku` by another clock, which is turned once more while it works. Clocks that count on are left alone.

Usage: python clock_at.py DATE OTHER SECONDS ARGUMENTS OF kaigiroku          dates like 1975-06-01; SECONDS until OTHER
"""

import datetime
import sys
import threading

import time_machine


def main() -> None:
    first, second = (datetime.datetime.fromisoformat(f"{date}T09:00:00+00:00") for date in sys.argv[1:3])
    after = float(sys.argv[3])
    sys.argv = ["kaigiroku", *sys.argv[4:]]
    with time_machine.travel(first) as clock:
        turn = threading.Timer(after, clock.move_to, [second])
        turn.daemon = True
        turn.start()
        from pipeline.cli.main import main as kaigiroku

        kaigiroku()


if __name__ == "__main__":
    main()
