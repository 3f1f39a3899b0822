"""Diarization with pyannote.audio: its segmentation with our own embeddings and clustering, or a complete pipeline."""
