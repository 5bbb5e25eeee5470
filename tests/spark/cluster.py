"""A Spark standalone cluster on this machine: a master and two workers from pyspark's own jars.

Everything listens on the loopback address only and writes to one temporary folder. The cluster
lives no longer than its parent: each process is watched by a shell that waits for the end of a
pipe, and the pipe ends when the parent stops the cluster, is interrupted, or is killed.
"""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pyspark

LOOPBACK = "127.0.0.1"
WORKERS = 2
CORES_OF_WORKER = 1
MEMORY_OF_WORKER = "2g"
SECONDS_TO_START = 60

SPARK_HOME = Path(pyspark.__file__).parent

# The end of standard input means that the parent is gone, or wants this to end.
WATCH = '"$@" & child=$!; cat > /dev/null; kill $child; wait $child'

MASTER_STARTED = re.compile(r"Starting Spark master at (spark://\S+)")
WORKER_STARTED = re.compile(r"Successfully registered with master")

# The compiler's last stage pays in hours, not in minutes: it takes half of the time away.
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC"

# Compiled queries are many: without it, all of the heap is looked through to find room for them.
CLASSES = "-XX:MetaspaceSize=400m"

LOGGING = """
    rootLogger.level = {level}
    rootLogger.appenderRef.stderr.ref = console
    appender.console.type = Console
    appender.console.name = console
    appender.console.target = SYSTEM_ERR
    appender.console.layout.type = PatternLayout
    appender.console.layout.pattern = %d{{HH:mm:ss}} %p %c{{1}}: %m%n
"""


class ClusterDidNotStart(Exception):
    """Which part did not start, and what it said last."""


@dataclass(frozen=True)
class Cluster:
    """A running cluster, and the folder of all that it writes."""

    master: str
    workers: tuple[str, ...]
    folder: Path

    @property
    def warehouse(self) -> Path:
        """The folder of the tables."""
        return self.folder / "warehouse"

    def settings(self) -> dict[str, str]:
        """The environment in which a session finds this cluster, as a user would set it."""
        return {
            "SPARK_CONF_DIR": str(self.folder / "conf"),
            "SPARK_LOCAL_IP": LOOPBACK,
            "SPARK_LOCAL_DIRS": str(self.folder / "local"),
        }


class Daemon:
    """A master or a worker, and its log."""

    def __init__(self, folder: Path, name: str, java_class: str, *arguments: str) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        spark_class = str(SPARK_HOME / "bin" / "spark-class")
        where = ("--host", LOOPBACK, "--port", "0", "--webui-port", "0")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", WATCH, name, spark_class, java_class, *where, *arguments],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the parent, whose end ends the cluster.
                start_new_session=True,
                env=os.environ
                | {
                    "SPARK_HOME": str(SPARK_HOME),
                    "SPARK_CONF_DIR": str(folder / "daemons"),
                    "SPARK_LOCAL_IP": LOOPBACK,
                    "SPARK_LOCAL_DIRS": str(folder / "local"),
                    "SPARK_DAEMON_MEMORY": "256m",
                    "SPARK_DAEMON_JAVA_OPTS": f"{QUICK_START} -Dspark.master.rest.enabled=false",
                },
            )

    def wait_until(self, started: re.Pattern[str]) -> re.Match[str]:
        """Wait for a line of the log.

        Raises:
            ClusterDidNotStart: it did not come; the message quotes the log's end.
        """
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and self.process.poll() is None:
            found = started.search(self.log.read_text(encoding="utf-8", errors="replace"))
            if found:
                return found
            time.sleep(0.1)
        last = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise ClusterDidNotStart(f"Spark's {self.name} did not start, it said last: {last}")

    def stop(self) -> None:
        """End it and wait until it is gone."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster, give it, and stop it whatever happens.

    Args:
        folder: an empty folder for logs, settings and tables.

    Raises:
        ClusterDidNotStart: a part of the cluster did not start.
    """
    _write(folder / "daemons" / "log4j2.properties", LOGGING.format(level="info"))
    with ExitStack() as stack:
        master = Daemon(folder, "master", "org.apache.spark.deploy.master.Master")
        stack.callback(master.stop)
        address = master.wait_until(MASTER_STARTED).group(1)
        workers = []
        for number in range(1, WORKERS + 1):
            worker = Daemon(
                folder,
                f"worker-{number}",
                "org.apache.spark.deploy.worker.Worker",
                *("--cores", str(CORES_OF_WORKER), "--memory", MEMORY_OF_WORKER),
                *("--work-dir", str(folder / "work"), address),
            )
            stack.callback(worker.stop)
            workers.append(worker)
        for worker in workers:
            worker.wait_until(WORKER_STARTED)
        _write(folder / "conf" / "spark-defaults.conf", _settings(folder, address))
        _write(folder / "conf" / "log4j2.properties", LOGGING.format(level="error"))
        yield Cluster(address, tuple(worker.name for worker in workers), folder)


def _settings(folder: Path, master: str) -> str:
    """What a user of a cluster has in spark-defaults.conf: where it is, and how large."""
    settings = {
        "spark.master": master,
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.driver.memory": "3g",
        "spark.driver.extraJavaOptions": f"{QUICK_START} -Xms3g -Xmn1500m {CLASSES}",
        "spark.executor.memory": "1500m",
        "spark.executor.extraJavaOptions": f"{QUICK_START} -Xms1500m -Xmn800m {CLASSES}",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": folder / "warehouse",
        # little data: few tasks, run side by side, whose hash tables do not each begin with 64 MB
        "spark.sql.shuffle.partitions": "2",
        "spark.buffer.pageSize": "2m",
        "spark.scheduler.mode": "FAIR",
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(dedent(text), encoding="utf-8")
