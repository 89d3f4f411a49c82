"""Rosters the slow and obvious way: times step by step, and every roster there is."""

from itertools import combinations, permutations

from solvers.scheduling.roster.problem import NEVER, Value, Work


def route_ends(work: Work, packer: int, route: list[int]) -> list[int] | None:
    """When each job of a route ends; None if one would end after the shift."""
    breaks = [
        (int(work.break_start[k]), int(work.break_length[k]), int(work.break_wait[k]))
        for k in range(work.break_first[packer], work.break_first[packer + 1])
    ]
    time, kind = int(work.shift_start[packer]), int(work.first_kind[packer])
    taken: list[tuple[int, int]] = []
    ends = []
    for job in route:
        took = int(work.duration[job, packer])
        took += 0 if work.kind[job] == kind else int(work.setup[work.kind[job]])
        start = max(time, int(work.ready[job]))
        while True:
            # The first break that is not over, and that the job would run into.
            ahead = [one for one in breaks[len(taken) :] if one[0] < start + took]
            if not ahead:
                end = start + took
                time = end
                break
            begin, length, wait = ahead[0]
            if start < begin and start + took <= begin + wait:
                end = start + took
                taken.append((end, end + length))
                time = end + length
                break
            taken.append((begin, begin + length))
            start = max(start, begin + length)
        if end > work.shift_end[packer]:
            return None
        kind = int(work.kind[job])
        ends.append(end)
    return ends


def value_of(work: Work, routes: list[list[int]]) -> Value | None:
    """Value of routes, or None if somebody works after the shift."""
    late = tardiness = makespan = 0
    done = set()
    for packer, route in enumerate(routes):
        ends = route_ends(work, packer, route)
        if ends is None:
            return None
        for job, end in zip(route, ends, strict=True):
            done.add(job)
            makespan = max(makespan, end)
            if end > work.due[job]:
                late += int(work.weight[job])
                tardiness += int(work.weight[job]) * (end - int(work.due[job]))
    absent = set(range(len(work.ready))) - done
    late += sum(int(work.weight[job]) for job in absent if work.due[job] < NEVER)
    return Value(len(absent), late, tardiness, makespan)


def every_value(work: Work):
    """Values of all rosters in which jobs begin as early as their routes allow."""
    jobs, packers = work.duration.shape

    def routes(packer: int, left: frozenset[int]):
        if packer == packers:
            yield []
            return
        able = [job for job in sorted(left) if work.duration[job, packer] >= 0]
        for size in range(len(able) + 1):
            for chosen in combinations(able, size):
                for rest in routes(packer + 1, left - set(chosen)):
                    for route in permutations(chosen):
                        yield [list(route), *rest]

    for one in routes(0, frozenset(range(jobs))):
        value = value_of(work, one)
        if value is not None:
            yield value
