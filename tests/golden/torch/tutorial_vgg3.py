"""Three VGG blocks: 2,325,568 parameters.

Source: Brownlee 2019, machinelearningmastery.com.
"""

import torch.nn.functional as F
from torch import nn


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
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        for conv in self.conv:
            x = F.relu(conv(x))
        return self.pool(x)


class Network(nn.Module):
    """The whole network.

    Takes image_1 (batch, 3, 256, 256) and gives vgg_block_3_pool (batch, 256, 32, 32).
    """

    def __init__(self):
        super().__init__()
        self.vgg_block_1 = VGGBlock(3, filters=64, convolutions=2, kernel_size=3)
        self.vgg_block_2 = VGGBlock(64, filters=128, convolutions=2, kernel_size=3)
        self.vgg_block_3 = VGGBlock(128, filters=256, convolutions=4, kernel_size=3)

    def forward(self, image_1):
        x = self.vgg_block_1(image_1)
        x = self.vgg_block_2(x)
        return self.vgg_block_3(x)


if __name__ == "__main__":
    print(Network())
