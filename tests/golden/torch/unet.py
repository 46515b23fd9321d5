"""U-Net (Ronneberger et al. 2015, fig. 1, with padding): 31,030,658 parameters."""

import torch
import torch.nn.functional as F
from torch import nn

CLASSES = 2


class ChannelLinear(nn.Linear):
    """The same linear layer over the channels at every place."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


class VGGBlock(nn.Module):
    """VGG block (Simonyan & Zisserman 2014, sec. 2.1).

    A few convolutions with small windows, most often before a pooling that halves the
    size.
    """

    def __init__(self, in_channels, filters, convolutions, kernel_size):
        super().__init__()
        self.conv = nn.ModuleList()
        channels = in_channels
        for _ in range(convolutions):
            self.conv.append(nn.Conv2d(channels, filters, kernel_size, padding="same"))
            channels = filters

    def forward(self, x):
        for conv in self.conv:
            x = F.relu(conv(x))
        return x


class UNetStep(nn.Module):
    """U-Net up step (Ronneberger et al. 2015, sec. 2).

    Doubles the size, joins what had this size on the way down, and convolves both
    together.
    """

    def __init__(self, in_channels1, in_channels2, filters, convolutions):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels1, filters, 2, stride=2)
        self.conv = nn.ModuleList()
        channels = in_channels2 + filters
        for _ in range(convolutions):
            self.conv.append(nn.Conv2d(channels, filters, 3, padding="same"))
            channels = filters

    def forward(self, x1, x2):
        x1 = self.up(x1)
        x = torch.cat([x2, x1], dim=1)
        for conv in self.conv:
            x = F.relu(conv(x))
        return x


class Network(nn.Module):
    """The whole network.

    Takes photo (batch, 1, 512, 512) and gives pixels (batch, 2, 512, 512).
    """

    def __init__(self):
        super().__init__()
        self.down1 = VGGBlock(1, filters=64, convolutions=2, kernel_size=3)
        self.pool1 = nn.MaxPool2d(2)
        self.down2 = VGGBlock(64, filters=128, convolutions=2, kernel_size=3)
        self.pool2 = nn.MaxPool2d(2)
        self.down3 = VGGBlock(128, filters=256, convolutions=2, kernel_size=3)
        self.pool3 = nn.MaxPool2d(2)
        self.down4 = VGGBlock(256, filters=512, convolutions=2, kernel_size=3)
        self.pool4 = nn.MaxPool2d(2)
        self.bottom = VGGBlock(512, filters=1024, convolutions=2, kernel_size=3)
        self.up4 = UNetStep(1024, 512, filters=512, convolutions=2)
        self.up3 = UNetStep(512, 256, filters=256, convolutions=2)
        self.up2 = UNetStep(256, 128, filters=128, convolutions=2)
        self.up1 = UNetStep(128, 64, filters=64, convolutions=2)
        self.pixels = ChannelLinear(64, CLASSES)

    def forward(self, photo):
        down1 = self.down1(photo)
        x = self.pool1(down1)
        down2 = self.down2(x)
        x = self.pool2(down2)
        down3 = self.down3(x)
        x = self.pool3(down3)
        down4 = self.down4(x)
        x = self.pool4(down4)
        bottom = self.bottom(x)
        up4 = self.up4(bottom, down4)
        up3 = self.up3(up4, down3)
        up2 = self.up2(up3, down2)
        x = self.up1(up2, down1)
        return F.softmax(self.pixels(x), dim=1)


if __name__ == "__main__":
    print(Network())
