"""What happens to a batch when the machine fails it: real processes are killed, disks filled, files taken away.

`scenes.py` does the harm, `rig.py` runs kaigiroku and looks at what is there afterwards. test_faults.py is the short
size with replayed engines; `make faults` the long one with the real models (docs/reliability.md).
"""
