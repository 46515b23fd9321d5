from blocks.block import NONE, Block
from blocks.layers import Layers, Tensor
from blocks.params import flag, integer, number


class Signal(
    Block,
    category="Input",
    rank=2,
    inputs=NONE,
    citation="Keras, keras.Input",
    keywords="input time series ecg audio 1d",
):
    """Signals come in here: samples in time with some channels each."""

    length: int = integer(
        1_024,
        min=1,
        max=100_000_000,
        unit="samples",
        headline=True,
        when={"any_length": (False,)},
        help="Samples per signal.",
    )
    channels: int = integer(
        1, min=1, max=4_096, headline=True, help="Values per sample: the leads of an ECG, say."
    )
    sampling_rate: float | None = number(
        None,
        min=0.001,
        max=1e9,
        step=1,
        unit="Hz",
        optional=True,
        help="Samples per second; with it, receptive fields are told in ms too.",
    )

    any_length: bool = flag(
        False,
        help="Leave the length open: the network takes signals of any length. Numbers that "
        "depend on the length are then counted for one sample.",
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        return nn.input((None if self.any_length else self.length, self.channels))
