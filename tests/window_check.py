"""What is wrong with a choice for a window of orders; shares no code with solvers."""


def faults(
    wanted: list[list[int]],
    stock: list[list[int]],
    most_orders: list[int],
    station: list[int],
    brought: list[list[list[int]]],
) -> list[str]:
    """Return sentences, none where the choice keeps all rules."""
    found = []
    for s, most in enumerate(most_orders):
        here = [order for order, where in enumerate(station) if where == s]
        if len(here) > most:
            found.append(f"station {s} has {len(here)} orders")
        for sku in range(len(stock[0])):
            need = sum(wanted[order][sku] for order in here)
            comes = sum(pod[s][sku] for pod in brought)
            if comes != need:
                found.append(f"station {s} gets {comes} of SKU {sku}, wants {need}")
    for pod, held in enumerate(stock):
        for sku, units in enumerate(held):
            gives = sum(visit[sku] for visit in brought[pod])
            if gives > units or min(visit[sku] for visit in brought[pod]) < 0:
                found.append(f"pod {pod} gives {gives} of {units} of SKU {sku}")
    return found
