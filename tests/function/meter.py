"""Runs a command module with a budget of instructions and says what it took.

    python meter.py MODULE INPUT BUDGET

Prints JSON: the instructions that were executed, the exit code, and both outputs.
"""

import json
import sys
import tempfile

from wasmtime import Config, Engine, ExitTrap, Linker, Module, Store, Trap, WasiConfig


def main(module_path, input_path, budget):
    config = Config()
    config.consume_fuel = True
    engine = Engine(config)
    store = Store(engine)
    store.set_fuel(budget)
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        wasi = WasiConfig()
        wasi.stdin_file = input_path
        wasi.stdout_file = out.name
        wasi.stderr_file = err.name
        store.set_wasi(wasi)
        linker = Linker(engine)
        linker.define_wasi()
        instance = linker.instantiate(store, Module.from_file(engine, module_path))
        code, trap = 0, None
        try:
            instance.exports(store)["_start"](store)
        except ExitTrap as exit_trap:
            code = exit_trap.code
        except Trap as error:
            code, trap = None, str(error)
        answer = {
            "instructions": budget - store.get_fuel(),
            "code": code,
            "trap": trap,
            "stdout": out.read().decode(),
            "stderr": err.read().decode(),
        }
    print(json.dumps(answer))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
