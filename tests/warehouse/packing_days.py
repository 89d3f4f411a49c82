"""Files of a small day at packing stations."""

SCHEDULE = """\
name = "tiny"

[packing]
order_s = 20
unit_s = 5
transfer_s = 60

[[station]]
name = "A"

[[station]]
name = "B"

[[carton]]
name = "S"
setup_s = 10

[[carton]]
name = "XL"
setup_s = 30
skill = "heavy"
"""
FILES = {
    "schedule.toml": SCHEDULE,
    "packers.csv": "packer,station,start_s,end_s,speed,skills\n"
    "ann,A,0,3600,1,heavy;gift\nbob,B,100,,1.25,\n",
    "breaks.csv": "packer,start_s,end_s,wait_s\nann,600,900,60\nann,1800,2000,\n",
    "trucks.csv": "carrier,door,departs_s\nnorth,D1,500\nnorth,D1,1500\npost,D2,900\n",
    "jobs.csv": "order,carton,units,ready_s,work_s,carrier,departs_s,due_s,priority,"
    "needs,stations\n"
    "o1,S,4,0,,north,,,,,\n"
    "o2,XL,2,450,,north,,,2,,\n"
    "o3,S,1,0,90,post,900,700,,gift,A;B\n"
    "o4,S,1,30,,,,,,,B\n",
}


def write_day(folder, **changed):
    """Write the files into a folder; ``jobs="..."`` in place of ``jobs.csv``."""
    for name, text in FILES.items():
        text = changed.get(name.partition(".")[0], text)
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return folder
