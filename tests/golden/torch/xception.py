"""Xception (Chollet 2016, fig. 5; keras.applications): 22,910,480 parameters."""

import torch.nn.functional as F
from torch import nn

CLASSES = 1000
EPS = 0.001
MOMENTUM = 0.01


def same_padding(x, kernel_size, stride, dilation=1, value=0.0):
    """Pad as TensorFlow's padding "same" does: what is odd goes behind.

    One number is meant for every axis.
    """
    amounts = []
    for axis in range(x.dim() - 1, 1, -1):
        size, step, rate = (
            numbers if isinstance(numbers, int) else numbers[axis - 2]
            for numbers in (kernel_size, stride, dilation)
        )
        places = -(-x.shape[axis] // step)
        total = max((places - 1) * step + (size - 1) * rate + 1 - x.shape[axis], 0)
        amounts += [total // 2, total - total // 2]
    return F.pad(x, amounts, value=value)


class SeparableConv2d(nn.Module):
    """A convolution of each channel by itself, then a 1x1 convolution of them all."""

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        depth_multiplier=1,
        bias=True,
    ):
        super().__init__()
        channels = in_channels * depth_multiplier
        self.depthwise = nn.Conv2d(
            in_channels,
            channels,
            kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=in_channels,
            bias=False,
        )
        self.pointwise = nn.Conv2d(channels, out_channels, 1, bias=bias)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class MaxPool2dSame(nn.MaxPool2d):
    """A max pooling with TensorFlow's padding "same"."""

    def forward(self, x):
        return super().forward(
            same_padding(x, self.kernel_size, self.stride, value=float("-inf"))
        )


class Conv(nn.Module):
    """Convolution (LeCun et al. 1989).

    One convolution: a small window of weights slides over the input, once per filter.
    """

    def __init__(self, in_channels, filters, kernel_size, stride):
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, filters, kernel_size, stride=stride, bias=False
        )
        self.bn = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class XceptionModuleNoFirstActivation(nn.Module):
    """Xception module: no first activation (Chollet 2016, fig. 5).

    Activated separable convolutions with a shortcut around them.
    """

    def __init__(self, in_channels, filters, stride):
        super().__init__()
        self.separable1 = SeparableConv2d(
            in_channels, filters, 3, padding="same", bias=False
        )
        self.bn1 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.separable2 = SeparableConv2d(
            filters, filters, 3, padding="same", bias=False
        )
        self.bn2 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.pool = MaxPool2dSame(3, stride=stride)
        self.shortcut = nn.Conv2d(in_channels, filters, 1, stride=stride, bias=False)
        self.shortcut_bn = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)

    def forward(self, x):
        y = F.relu(self.bn1(self.separable1(x)))
        y = self.bn2(self.separable2(y))
        y = self.pool(y)
        shortcut = self.shortcut_bn(self.shortcut(x))
        return y + shortcut


class XceptionModulePool(nn.Module):
    """Xception module: pool (Chollet 2016, fig. 5).

    Activated separable convolutions with a shortcut around them.
    """

    def __init__(self, in_channels, filters, stride, separable1_out_channels):
        super().__init__()
        self.separable1 = SeparableConv2d(
            in_channels, separable1_out_channels, 3, padding="same", bias=False
        )
        self.bn1 = nn.BatchNorm2d(separable1_out_channels, eps=EPS, momentum=MOMENTUM)
        self.separable2 = SeparableConv2d(
            separable1_out_channels, filters, 3, padding="same", bias=False
        )
        self.bn2 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.pool = MaxPool2dSame(3, stride=stride)
        self.shortcut = nn.Conv2d(in_channels, filters, 1, stride=stride, bias=False)
        self.shortcut_bn = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)

    def forward(self, x):
        y = F.relu(x)
        y = F.relu(self.bn1(self.separable1(y)))
        y = self.bn2(self.separable2(y))
        y = self.pool(y)
        shortcut = self.shortcut_bn(self.shortcut(x))
        return y + shortcut


class XceptionModule(nn.Module):
    """Xception module (Chollet 2016, fig. 5).

    Activated separable convolutions with a shortcut around them.
    """

    def __init__(self, in_channels, filters):
        super().__init__()
        self.separable1 = SeparableConv2d(
            in_channels, filters, 3, padding="same", bias=False
        )
        self.bn1 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.separable2 = SeparableConv2d(
            filters, filters, 3, padding="same", bias=False
        )
        self.bn2 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.separable3 = SeparableConv2d(
            filters, filters, 3, padding="same", bias=False
        )
        self.bn3 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)

    def forward(self, x):
        y = F.relu(x)
        y = F.relu(self.bn1(self.separable1(y)))
        y = F.relu(self.bn2(self.separable2(y)))
        y = self.bn3(self.separable3(y))
        return y + x


class SeparableConv(nn.Module):
    """Separable convolution (Chollet 2016, sec. 1).

    Looks at each channel by itself, then mixes the channels with a 1x1 convolution.
    """

    def __init__(self, in_channels, filters, kernel_size):
        super().__init__()
        self.separable_conv = SeparableConv2d(
            in_channels, filters, kernel_size, padding="same", bias=False
        )
        self.bn = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)

    def forward(self, x):
        return F.relu(self.bn(self.separable_conv(x)))


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

    Takes photo (batch, 3, 299, 299) and gives predictions (batch, 1000).
    """

    def __init__(self):
        super().__init__()
        self.conv1 = Conv(3, filters=32, kernel_size=3, stride=2)
        self.conv2 = Conv(32, filters=64, kernel_size=3, stride=1)
        self.entry1 = XceptionModuleNoFirstActivation(64, filters=128, stride=2)
        self.entry2 = XceptionModulePool(
            128, filters=256, stride=2, separable1_out_channels=256
        )
        self.entry3 = XceptionModulePool(
            256, filters=728, stride=2, separable1_out_channels=728
        )
        self.middle = nn.Sequential(
            *(XceptionModule(728, filters=728) for _ in range(8))
        )
        self.exit1 = XceptionModulePool(
            728, filters=1024, stride=2, separable1_out_channels=728
        )
        self.exit2 = SeparableConv(1024, filters=1536, kernel_size=3)
        self.exit3 = SeparableConv(1536, filters=2048, kernel_size=3)
        self.predictions = Classifier(2048, classes=CLASSES)

    def forward(self, photo):
        x = self.conv1(photo)
        x = self.conv2(x)
        x = self.entry1(x)
        x = self.entry2(x)
        x = self.entry3(x)
        x = self.middle(x)
        x = self.exit1(x)
        x = self.exit2(x)
        x = self.exit3(x)
        return self.predictions(x)


if __name__ == "__main__":
    print(Network())
