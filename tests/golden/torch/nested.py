"""Convolutional network nested: 4,393 parameters."""

import torch.nn.functional as F
from torch import nn

CLASSES = 3
EPS = 0.001
MOMENTUM = 0.01


class VGGBlock(nn.Module):
    """VGG block (Simonyan & Zisserman 2014, sec. 2.1).

    A few convolutions with small windows, most often before a pooling that halves the
    size.
    """

    def __init__(self, in_channels, filters, convolutions, kernel_size):
        super().__init__()
        self.conv = nn.ModuleList()
        self.bn = nn.ModuleList()
        channels = in_channels
        for _ in range(convolutions):
            self.conv.append(nn.Conv2d(channels, filters, kernel_size, padding="same"))
            self.bn.append(nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM))
            channels = filters

    def forward(self, x):
        for conv, bn in zip(self.conv, self.bn, strict=True):
            x = F.relu(bn(conv(x)))
        return x


class Unit(nn.Module):
    """Unit.

    A block of this design, used with these arguments.
    """

    def __init__(self, in_channels, width, depth):
        super().__init__()
        self.low = VGGBlock(
            in_channels, filters=width, convolutions=depth, kernel_size=3
        )
        self.left = nn.Conv2d(width, width, 3, padding="same")

    def forward(self, x):
        x = self.low(x)
        y = F.relu(self.left(x))
        return x, y


class Stage(nn.Module):
    """Stage.

    A block of this design, used with these arguments.
    """

    def __init__(self, in_channels, filters, depth):
        super().__init__()
        self.unit_1 = Unit(in_channels, width=filters, depth=depth)

    def forward(self, x):
        unit_1_low, unit_1_left = self.unit_1(x)
        return unit_1_left + unit_1_low


class Residual(nn.Module):
    """Residual (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """

    def __init__(self, in_channels, filters):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, filters, 3, padding="same")
        self.bn1 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.conv2 = nn.Conv2d(filters, filters, 3, padding="same")
        self.bn2 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + x)


class Tower(nn.Module):
    """Tower.

    A block of this design, used with these arguments.
    """

    def __init__(self, in_channels, width, deep):
        super().__init__()
        self.stage_1_1 = Stage(in_channels, filters=width, depth=deep)
        self.stage_1 = nn.ModuleList()
        for _ in range(2):
            self.stage_1.append(Stage(width, filters=width, depth=deep))
        self.end = Residual(width, filters=width)

    def forward(self, x):
        x = self.stage_1_1(x)
        for stage_1 in self.stage_1:
            x = stage_1(x)
        return self.end(x)


class Classifier(nn.Module):
    """Classifier head (He et al. 2015, sec. 3.3).

    The end of a network that tells classes apart: one probability per class.
    """

    def __init__(self, in_channels, classes):
        super().__init__()
        self.dense = nn.Linear(in_channels, classes)

    def forward(self, x):
        x = x.mean(dim=(2, 3))
        return F.softmax(self.dense(x), dim=1)


class Network(nn.Module):
    """The whole network.

    Takes photo (batch, 3, 16, 16) and gives classes (batch, 3).
    """

    def __init__(self):
        super().__init__()
        self.tower_1 = Tower(3, width=4, deep=2)
        self.wide = Tower(4, width=6, deep=1)
        self.classes = Classifier(6, classes=CLASSES)

    def forward(self, photo):
        x = self.tower_1(photo)
        x = self.wide(x)
        return self.classes(x)


if __name__ == "__main__":
    print(Network())
