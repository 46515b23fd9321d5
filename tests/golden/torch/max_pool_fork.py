"""Max-pool fork (Rajpurkar et al. 2017, fig. 2, on images): 168,962 parameters."""

import torch
import torch.nn.functional as F
from torch import nn

CLASSES = 2
EPS = 0.001
MOMENTUM = 0.01
DROPOUT = 0.2


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


class Conv2dSame(nn.Conv2d):
    """A convolution with TensorFlow's padding "same", which knows strides."""

    def forward(self, x):
        x = same_padding(x, self.kernel_size, self.stride, self.dilation)
        return super().forward(x)


class PadChannels(nn.Module):
    """Appends channels of zeros."""

    def __init__(self, amount):
        super().__init__()
        self.amount = amount

    def forward(self, x):
        zeros = x.new_zeros(x.shape[0], self.amount, *x.shape[2:])
        return torch.cat([x, zeros], dim=1)


class Conv(nn.Module):
    """Convolution (LeCun et al. 1989).

    One convolution: a small window of weights slides over the input, once per filter.
    """

    def __init__(self, in_channels, filters, kernel_size):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, filters, kernel_size, padding="same")
        self.bn = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class MaxPoolForkFirst(nn.Module):
    """Max-pool fork: first (Rajpurkar et al. 2017, fig. 2).

    Two pre-activated convolutions beside a max pooling of the raw input; both meet in a
    sum.
    """

    def __init__(self, in_channels, filters, kernel_size, subsample):
        super().__init__()
        self.pool = nn.MaxPool2d(subsample)
        self.conv1 = nn.Conv2d(in_channels, filters, kernel_size, padding="same")
        self.bn2 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.dropout = nn.Dropout(DROPOUT)
        self.conv2 = nn.Conv2d(filters, filters, kernel_size, padding="same")

    def forward(self, x):
        pool = self.pool(x)
        x = F.relu(self.bn2(self.conv1(x)))
        x = self.dropout(x)
        x = self.conv2(x)
        return pool + x


class MaxPoolFork(nn.Module):
    """Max-pool fork (Rajpurkar et al. 2017, fig. 2).

    Two pre-activated convolutions beside a max pooling of the raw input; both meet in a
    sum.
    """

    def __init__(self, in_channels, filters, kernel_size, subsample):
        super().__init__()
        self.pool = nn.MaxPool2d(subsample)
        self.bn1 = nn.BatchNorm2d(in_channels, eps=EPS, momentum=MOMENTUM)
        self.conv1 = Conv2dSame(in_channels, filters, kernel_size, stride=subsample)
        self.bn2 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.dropout = nn.Dropout(DROPOUT)
        self.conv2 = nn.Conv2d(filters, filters, kernel_size, padding="same")

    def forward(self, x):
        pool = self.pool(x)
        x = F.relu(self.bn1(x))
        x = F.relu(self.bn2(self.conv1(x)))
        x = self.dropout(x)
        x = self.conv2(x)
        return pool + x


class MaxPoolForkWiden(nn.Module):
    """Max-pool fork: widen (Rajpurkar et al. 2017, fig. 2).

    Two pre-activated convolutions beside a max pooling of the raw input; both meet in a
    sum.
    """

    def __init__(self, in_channels, filters, kernel_size, subsample):
        super().__init__()
        self.pool = nn.MaxPool2d(subsample)
        self.widen = PadChannels(32)
        self.bn1 = nn.BatchNorm2d(in_channels, eps=EPS, momentum=MOMENTUM)
        self.conv1 = Conv2dSame(in_channels, filters, kernel_size, stride=subsample)
        self.bn2 = nn.BatchNorm2d(filters, eps=EPS, momentum=MOMENTUM)
        self.dropout = nn.Dropout(DROPOUT)
        self.conv2 = nn.Conv2d(filters, filters, kernel_size, padding="same")

    def forward(self, x):
        pool = self.pool(x)
        widen = self.widen(pool)
        x = F.relu(self.bn1(x))
        x = F.relu(self.bn2(self.conv1(x)))
        x = self.dropout(x)
        x = self.conv2(x)
        return widen + x


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

    Takes image_1 (batch, 3, 224, 224) and gives classes (batch, 2).
    """

    def __init__(self):
        super().__init__()
        self.stem = Conv(3, filters=32, kernel_size=3)
        self.fork_1 = MaxPoolForkFirst(32, filters=32, kernel_size=3, subsample=1)
        self.fork_2 = MaxPoolFork(32, filters=32, kernel_size=3, subsample=2)
        self.fork_3 = MaxPoolForkWiden(32, filters=64, kernel_size=3, subsample=2)
        self.fork_4 = MaxPoolFork(64, filters=64, kernel_size=3, subsample=2)
        self.norm = nn.BatchNorm2d(64, eps=EPS, momentum=MOMENTUM)
        self.classes = Classifier(64, classes=CLASSES)

    def forward(self, image_1):
        x = self.stem(image_1)
        x = self.fork_1(x)
        x = self.fork_2(x)
        x = self.fork_3(x)
        x = self.fork_4(x)
        x = F.relu(self.norm(x))
        return self.classes(x)


if __name__ == "__main__":
    print(Network())
