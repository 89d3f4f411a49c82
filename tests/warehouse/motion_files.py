"""Small problem files of motion, and a way to break them."""

from pathlib import Path

MAP = "type octile\nheight 3\nwidth 4\nmap\n....\n.@@.\n....\n"
SCEN = "\n".join(
    [
        "version 1",
        "0\ttiny.map\t4\t3\t0\t0\t3\t2\t5",
        "0\ttiny.map\t4\t3\t1\t0\t0\t2\t3",
        "0\ttiny.map\t4\t3\t3\t0\t0\t0\t3",
        "",
    ]
)
PROBLEM = (
    '{"mapFile": "tiny.map", "agentFile": "tiny.agents", "taskFile": "tiny.tasks",\n'
    ' "teamSize": 2, "numTasksReveal": 1.5, "version": "2024 LoRR"}\n'
)
AGENTS = "# version for LoRR 2024\n2\n0\n11\n"
TASKS = "3\n1,2\n3,7,11\n8\n"
FILES = {
    "tiny.map": MAP,
    "tiny.scen": SCEN,
    "tiny.json": PROBLEM,
    "tiny.agents": AGENTS,
    "tiny.tasks": TASKS,
    "agents.csv": "agent id,row,col\n0,0,0\n1,2,3\n",
    "tasks.csv": "targets\n1\n3\n8\n",
}


def write_files(folder: Path, **changed: str | bytes) -> Path:
    """Write all files, some with another content: ``tiny_map="..."``."""
    for name, text in FILES.items():
        given = changed.pop(name.replace(".", "_"), text)
        data = given if isinstance(given, bytes) else given.encode()
        (folder / name).write_bytes(data)
    assert not changed, changed
    return folder
