"""What the classes of the named data sets are called, in the order of their labels."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


DIGIT_NAMES = tuple("0123456789")

RHYTHMS = ("normal", "atrial fibrillation", "premature ventricular beats", "tachycardia")

FASHION = _names(
    "T-shirt, trousers, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot"
)

OBJECTS = _names("aeroplane, car, bird, cat, deer, dog, frog, horse, ship, lorry")

FINE_OBJECTS = _names(
    """apple, aquarium fish, baby, bear, beaver, bed, bee, beetle, bicycle, bottle, bowl, boy,
    bridge, bus, butterfly, camel, can, castle, caterpillar, cattle, chair, chimpanzee, clock,
    cloud, cockroach, couch, crab, crocodile, cup, dinosaur, dolphin, elephant, flatfish, forest,
    fox, girl, hamster, house, kangaroo, keyboard, lamp, lawn mower, leopard, lion, lizard,
    lobster, man, maple tree, motorcycle, mountain, mouse, mushroom, oak tree, orange, orchid,
    otter, palm tree, pear, pickup truck, pine tree, plain, plate, poppy, porcupine, possum,
    rabbit, raccoon, ray, road, rocket, rose, sea, seal, shark, shrew, skunk, skyscraper, snail,
    snake, spider, squirrel, streetcar, sunflower, sweet pepper, table, tank, telephone,
    television, tiger, tractor, train, trout, tulip, turtle, wardrobe, whale, willow tree, wolf,
    woman, worm"""
)
"""CIFAR-100's fine labels, in alphabetical order (Krizhevsky 2009)."""
