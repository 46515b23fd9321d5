"""ResNet-50 (He et al. 2015, table 1; keras.applications): 25,636,712 parameters."""

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
        self.conv1 = nn.Conv2d(in_channels, filters, 7, stride=2, padding=3)
        self.bn1 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.pool1_pad = nn.ZeroPad2d(1)
        self.pool1 = nn.MaxPool2d(3, stride=2)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.pool1_pad(x)
        return self.pool1(x)


class ResidualShortcut(nn.Module):
    """Residual: shortcut (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """

    def __init__(self, in_channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, filters // 4, 1, stride=stride)
        self.bn1 = nn.BatchNorm2d(filters // 4, eps=EPS, momentum=MOMENTUM)
        self.conv2 = nn.Conv2d(filters // 4, filters // 4, 3, padding="same")
        self.bn2 = nn.BatchNorm2d(filters // 4, eps=EPS, momentum=MOMENTUM)
        self.conv3 = nn.Conv2d(filters // 4, filters, 1)
        self.bn3 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.shortcut = nn.Conv2d(in_channels, filters, 1, stride=stride)
        self.shortcut_bn = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        shortcut = self.shortcut_bn(self.shortcut(x))
        return F.relu(shortcut + y)


class Residual(nn.Module):
    """Residual (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """

    def __init__(self, in_channels, filters):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, filters // 4, 1)
        self.bn1 = nn.BatchNorm2d(filters // 4, eps=EPS, momentum=MOMENTUM)
        self.conv2 = nn.Conv2d(filters // 4, filters // 4, 3, padding="same")
        self.bn2 = nn.BatchNorm2d(filters // 4, eps=EPS, momentum=MOMENTUM)
        self.conv3 = nn.Conv2d(filters // 4, filters, 1)
        self.bn3 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(x + y)


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
        self.conv2 = nn.Sequential(
            ResidualShortcut(64, filters=256, stride=1),
            *(Residual(256, filters=256) for _ in range(2)),
        )
        self.conv3 = nn.Sequential(
            ResidualShortcut(256, filters=512, stride=2),
            *(Residual(512, filters=512) for _ in range(3)),
        )
        self.conv4 = nn.Sequential(
            ResidualShortcut(512, filters=1024, stride=2),
            *(Residual(1024, filters=1024) for _ in range(5)),
        )
        self.conv5 = nn.Sequential(
            ResidualShortcut(1024, filters=2048, stride=2),
            *(Residual(2048, filters=2048) for _ in range(2)),
        )
        self.predictions = Classifier(2048, classes=CLASSES)

    def forward(self, photo):
        x = self.stem(photo)
        x = self.conv2(x)
        x = self.conv3(x)
        x = self.conv4(x)
        x = self.conv5(x)
        return self.predictions(x)


if __name__ == "__main__":
    print(Network())
