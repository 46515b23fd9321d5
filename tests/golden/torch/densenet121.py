"""DenseNet-121: 8,062,504 parameters.

Source: Huang et al. 2016, table 1; keras.applications.
"""

import torch
import torch.nn.functional as F
from torch import nn

CLASSES = 1000
EPS = 1.001e-05
MOMENTUM = 0.01


class Stem(nn.Module):
    """Stem.

    The first layers of a network: they bring a large input quickly to a quarter of its
    size. Source: He et al. 2015, table 1; He et al. 2019, fig. 2b; Szegedy et al. 2014,
    table 1.
    """

    def __init__(self, in_channels, filters):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, filters, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.pool1_pad = nn.ZeroPad2d(1)
        self.pool1 = nn.MaxPool2d(3, stride=2)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.pool1_pad(x)
        return self.pool1(x)


class DenseBlock(nn.Module):
    """Dense block (Huang et al. 2016, fig. 1 and sec. 3).

    Every convolution sees all that came before it and adds a few channels of its own.
    """

    def __init__(self, in_channels, convolutions, growth_rate, bottleneck):
        super().__init__()
        self.bn_a = nn.ModuleList()
        self.conv_a = nn.ModuleList()
        self.bn_b = nn.ModuleList()
        self.conv_b = nn.ModuleList()
        channels = in_channels
        for _ in range(convolutions):
            self.bn_a.append(nn.BatchNorm2d(channels, eps=EPS, momentum=MOMENTUM))
            self.conv_a.append(
                nn.Conv2d(channels, bottleneck * growth_rate, 1, bias=False)
            )
            self.bn_b.append(
                nn.BatchNorm2d(bottleneck * growth_rate, eps=EPS, momentum=MOMENTUM)
            )
            self.conv_b.append(
                nn.Conv2d(
                    bottleneck * growth_rate, growth_rate, 3, padding="same", bias=False
                )
            )
            channels += growth_rate

    def forward(self, x):
        for bn_a, conv_a, bn_b, conv_b in zip(
            self.bn_a, self.conv_a, self.bn_b, self.conv_b, strict=True
        ):
            y = F.relu(bn_a(x))
            y = F.relu(bn_b(conv_a(y)))
            y = conv_b(y)
            x = torch.cat([x, y], dim=1)
        return x


class Transition(nn.Module):
    """Transition (Huang et al. 2016, sec. 3 (compression)).

    Between dense blocks: fewer channels by a 1x1 convolution, half the size by a
    pooling.
    """

    def __init__(self, in_channels):
        super().__init__()
        self.bn = nn.BatchNorm2d(in_channels, eps=EPS, momentum=MOMENTUM)
        self.conv = nn.Conv2d(in_channels, in_channels // 2, 1, bias=False)
        self.pool = nn.AvgPool2d(2)

    def forward(self, x):
        x = F.relu(self.bn(x))
        x = self.conv(x)
        return self.pool(x)


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

    Takes photo (batch, 3, 224, 224) and gives predictions (batch, 1000).
    """

    def __init__(self):
        super().__init__()
        self.stem = Stem(3, filters=64)
        self.dense1 = DenseBlock(64, convolutions=6, growth_rate=32, bottleneck=4)
        self.transition1 = Transition(256)
        self.dense2 = DenseBlock(128, convolutions=12, growth_rate=32, bottleneck=4)
        self.transition2 = Transition(512)
        self.dense3 = DenseBlock(256, convolutions=24, growth_rate=32, bottleneck=4)
        self.transition3 = Transition(1024)
        self.dense4 = DenseBlock(512, convolutions=16, growth_rate=32, bottleneck=4)
        self.norm = nn.BatchNorm2d(1024, eps=EPS, momentum=MOMENTUM)
        self.predictions = Classifier(1024, classes=CLASSES)

    def forward(self, photo):
        x = self.stem(photo)
        x = self.dense1(x)
        x = self.transition1(x)
        x = self.dense2(x)
        x = self.transition2(x)
        x = self.dense3(x)
        x = self.transition3(x)
        x = self.dense4(x)
        x = F.relu(self.norm(x))
        return self.predictions(x)


if __name__ == "__main__":
    print(Network())
