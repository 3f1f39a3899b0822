"""The CAM++ speaker embedding network, for inference only, split into frame features and pooling so that one pass over
a turn gives embeddings of any part of it.

Rewritten from 3D-Speaker (https://github.com/modelscope/3D-Speaker, speakerlab/models/campplus), Copyright 3D-Speaker,
Apache License 2.0; names of submodules follow the published state dict. Method: Wang et al., CAM++: A Fast and
Efficient Network for Speaker Verification Using Context-Aware Masking, Interspeech 2023.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

FEATURES = 80
"""Mel bands per frame."""
FRAME_STRIDE = 2
"""Feature frames (10 ms) per frame of the network's output."""
_EMBEDDING = 192
_CONTEXT_FRAMES = 100


def _batchnorm_relu(channels: int) -> nn.Sequential:
    layers = nn.Sequential()
    layers.add_module("batchnorm", nn.BatchNorm1d(channels))
    layers.add_module("relu", nn.ReLU())
    return layers


class _ResidualBlock(nn.Module):
    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, stride=(stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.Conv2d(channels, channels, 1, stride=(stride, 1), bias=False))
            self.shortcut.append(nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        inner = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(inner)) + self.shortcut(x))


class _Head(nn.Module):
    """Two-dimensional convolutions over time and frequency; 80 bands become 10."""

    def __init__(self, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(_ResidualBlock(channels, 2), _ResidualBlock(channels, 1))
        self.layer2 = nn.Sequential(_ResidualBlock(channels, 2), _ResidualBlock(channels, 1))
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.out_channels = channels * (FEATURES // 8)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.bn1(self.conv1(x.unsqueeze(1))))
        x = functional.relu(self.bn2(self.conv2(self.layer2(self.layer1(x)))))
        return x.flatten(1, 2)


class _TimeDelayLayer(nn.Module):
    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(channels, out_channels, 5, stride=FRAME_STRIDE, padding=2, bias=False)
        self.nonlinear = _batchnorm_relu(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.nonlinear(self.linear(x))


class _ContextAwareMask(nn.Module):
    """A convolution whose output is weighted by what the whole stretch, and the second around, sound like."""

    def __init__(self, channels: int, out_channels: int, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(channels, out_channels, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(channels, channels // 2, 1)
        self.linear2 = nn.Conv1d(channels // 2, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        near = functional.avg_pool1d(x, _CONTEXT_FRAMES, _CONTEXT_FRAMES, ceil_mode=True)
        context = x.mean(-1, keepdim=True) + near
        weight = torch.sigmoid(self.linear2(functional.relu(self.linear1(context))))
        return self.linear_local(x) * weight.repeat_interleave(_CONTEXT_FRAMES, -1)[..., : x.shape[-1]]


class _DenseLayer(nn.Module):
    def __init__(self, channels: int, growth: int, bottleneck: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _batchnorm_relu(channels)
        self.linear1 = nn.Conv1d(channels, bottleneck, 1, bias=False)
        self.nonlinear2 = _batchnorm_relu(bottleneck)
        self.cam_layer = _ContextAwareMask(bottleneck, growth, dilation)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))], dim=1)


class _Transition(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.nonlinear = _batchnorm_relu(channels)
        self.linear = nn.Conv1d(channels, channels // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.nonlinear(x))


class _Embedding(nn.Module):
    """Linear map from pooled statistics, centred and scaled (a batch norm without learnt parameters)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(channels, _EMBEDDING, 1, bias=False)
        self.nonlinear = nn.Sequential()
        self.nonlinear.add_module("batchnorm", nn.BatchNorm1d(_EMBEDDING, affine=False))

    def forward(self, x: Tensor) -> Tensor:
        return self.nonlinear(self.linear(x.unsqueeze(-1)).squeeze(-1))


class CamPlusPlus(nn.Module):
    """frames(): (batch, time, 80) log-mel features, mean removed → (batch, 512, ⌈time / 2⌉).
    embed(): pooled mean and standard deviation of any of those frames, (batch, 1024) → (batch, 192)."""

    def __init__(self) -> None:
        super().__init__()
        self.head = _Head()
        self.xvector = nn.Sequential()
        channels = 128
        self.xvector.add_module("tdnn", _TimeDelayLayer(self.head.out_channels, channels))
        for number, (layers, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), start=1):
            block = nn.Sequential()
            for layer in range(layers):
                block.add_module(f"tdnnd{layer + 1}", _DenseLayer(channels + 32 * layer, 32, 128, dilation))
            channels += 32 * layers
            self.xvector.add_module(f"block{number}", block)
            self.xvector.add_module(f"transit{number}", _Transition(channels))
            channels //= 2
        self.xvector.add_module("out_nonlinear", _batchnorm_relu(channels))
        self.dense = _Embedding(2 * channels)

    def frames(self, features: Tensor) -> Tensor:
        output: Tensor = self.xvector(self.head(features.transpose(1, 2)))
        return output

    def embed(self, statistics: Tensor) -> Tensor:
        output: Tensor = self.dense(statistics)
        return output


def load(weights: Path, device: torch.device) -> CamPlusPlus:
    """The network with its weights, ready for inference.

    Raises whatever torch raises for a damaged file: RuntimeError, pickle.UnpicklingError, EOFError, KeyError.
    """
    state = torch.load(weights, map_location="cpu", weights_only=True)
    renamed = {name.replace("xvector.dense.", "dense."): value for name, value in state.items()}
    network = CamPlusPlus()
    network.load_state_dict(renamed)
    network.eval().to(device)
    return network
