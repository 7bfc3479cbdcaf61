"""Runs a Python module as a program that ends when the launcher does."""

import runpy
import sys

from yuantou.launcher.locks import end_with_launcher

if __name__ == "__main__":
    end_with_launcher()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
