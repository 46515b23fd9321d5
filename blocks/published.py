"""What was published for the reference networks: their totals, and where they stand."""

from dataclasses import dataclass

TUTORIAL = "the table printed in the tutorial"
SEED = "the code as printed there, built with Keras"
PAPER = "the paper's table, built with Keras"
KERAS = "keras.applications"


@dataclass(frozen=True)
class Published:
    """Published totals; None where a number was not published or is counted differently there.

    Parameters are counts, `macs` multiply-adds per sample of convolutions and dense layers,
    `layers` those of Keras, inputs included. `source` is where the parameters stand; what it
    leaves out was counted on its network built with Keras.
    """

    total: int
    trainable: int
    non_trainable: int
    macs: int | None
    layers: int | None
    source: str


# keras.applications pads MobileNetV2 in further layers. Its ConvNeXt has layers of classes of its
# own; stock layers scale channels by a depthwise convolution, whose multiply-adds count.
PUBLISHED = {
    "tutorial_vgg": Published(38_720, 38_720, 0, 2_529_165_312, 4, TUTORIAL),
    "tutorial_vgg3": Published(2_325_568, 2_325_568, 0, 14_608_760_832, 12, TUTORIAL),
    "tutorial_inception_naive": Published(6_272, 6_272, 0, 396_361_728, 6, TUTORIAL),
    "tutorial_inception": Published(513_120, 513_120, 0, 33_561_772_032, 17, TUTORIAL),
    "tutorial_residual": Published(38_976, 38_976, 0, 2_541_748_224, 6, TUTORIAL),
    "alexnet": Published(62_378_344, 62_378_344, 0, 1_135_256_096, 15, PAPER),
    "alexnet_seed": Published(61_050_856, 61_050_856, 0, 910_975_520, 14, SEED),
    "convnext_tiny": Published(28_589_128, 28_589_128, 0, None, None, KERAS),
    "densenet121": Published(8_062_504, 7_978_856, 83_648, 2_834_161_664, 429, KERAS),
    "googlenet": Published(6_998_552, 6_998_552, 0, 1_582_671_872, 87, PAPER),
    "googlenet_aux": Published(13_378_280, 13_378_280, 0, 1_591_044_096, 99, PAPER),
    "googlenet_aux_seed": Published(13_354_200, 13_354_200, 0, 1_586_696_192, 101, SEED),
    "lenet5": Published(61_706, 61_706, 0, 416_520, 9, PAPER),
    "lenet5_seed": Published(1_631_080, 1_631_080, 0, 8_517_000, 8, SEED),
    "mobilenet_v2": Published(3_538_984, 3_504_872, 34_112, 300_774_272, None, KERAS),
    "ecg_rajpurkar": Published(15_169_358, 15_158_990, 10_368, 4_600_447_488, 159, PAPER),
    "resnet18": Published(11_699_112, 11_689_512, 9_600, 1_814_073_344, 74, PAPER),
    "resnet34": Published(21_814_696, 21_797_672, 17_024, 3_663_761_408, 130, PAPER),
    "resnet50": Published(25_636_712, 25_583_592, 53_120, 3_857_973_248, 177, KERAS),
    "resnet101": Published(44_707_176, 44_601_832, 105_344, 7_570_194_432, 347, KERAS),
    "resnet152": Published(60_419_944, 60_268_520, 151_424, 11_282_415_616, 517, KERAS),
    "resnet50_signs": Published(
        17_958_790, 17_907_718, 51_072, 285_634_560, 177, "the table printed in the homework"
    ),
    "stackexchange_answer": Published(6_516_738, 6_516_290, 448, 4_673_994_752, 25, SEED),
    "vgg16": Published(138_357_544, 138_357_544, 0, 15_470_264_320, 23, KERAS),
    "vgg19": Published(143_667_240, 143_667_240, 0, 19_632_062_464, 26, KERAS),
    "vgg16_gap": Published(37_694_248, 37_694_248, 0, 15_471_582_400, 23, SEED),
    "vgg19_gap": Published(43_003_944, 43_003_944, 0, 19_633_380_544, 26, SEED),
    "xception": Published(22_910_480, 22_855_952, 54_528, 8_357_403_496, 134, KERAS),
}
