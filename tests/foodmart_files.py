"""A small file in the Foodmart text format, written here."""

FOODMART = """//NbLocations
4
//NbProducts
3
//K: NbBoxesTrolley
2
//NbDimensionsCapacity
1
//B: CapaBox
10
//A box can accept mixed orders(0: no, 1: yes)
1
//Products
//Idx Location Volume
1 1 1
2 2 2
3 2 1
//Orders
//Nb Orders
3
//Idx M NbProdInOrder ProdIdx1 Qty1 ProdIdx2 Qty2 ...
1 1 1 1 4
2 1 2 2 2 3 1
3 1 1 1 9
//Graph (Products are vertices indexed from 1 to NbLocations)
//NbVerticesIntersections
1
//DepartingDepot
0
//ArrivalDepot
4
//Arcs
//Start End Distance
0 3 1.25
3 4 1.25
3 1 2.0
1 3 2.0
3 2 3.5
2 3 3.5
//LocStart LocEnd ShortestPath
{paths}
//Vertices coordinates LocationName
0 0 0 "depot"
"""
_WAYS = {
    (0, 1): 3.25, (0, 2): 4.75, (0, 3): 1.25, (0, 4): 2.5, (1, 2): 5.5,
    (1, 3): 2.0, (1, 4): 3.25, (2, 3): 3.5, (2, 4): 4.75, (3, 4): 1.25,
}  # fmt: skip


def foodmart_text(**changes):
    """Return the file, with pieces of its text changed for others."""
    paths = "\n".join(
        f"{a} {b} {_WAYS.get((min(a, b), max(a, b)), 0)}"
        for a in range(5)
        for b in range(5)
    )
    text = FOODMART.replace("{paths}", paths)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new, 1)
    return text
