"""Times linenc beside Flax and ONNX Runtime, on the same variables and inputs, and checks that their outputs agree.

    bench.py --linenc build/linenc [--call-time build/tests/linenc_call_time] [--rounds N] [--models mlp,cnn,mnist_cnn,resnet]

Two tables: whole processes (start, reading, work, writing; wall time and peak memory), and single calls inside of a process. All
candidates take turns in every round, so that a noisy neighbour meets all of them; times are `minimum / median`, and ratios are
those of the medians. Runs with the Python whose Flax and ONNX Runtime are to be measured.

Imports little: the peak memory of a child begins with that of the process that started it.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parent.parent.parent
PYTHON = [sys.executable, str(pathlib.Path(__file__).parent / 'baselines.py')]
MODELS = ('mlp', 'cnn', 'mnist_cnn', 'resnet')
INIT_ONLY = ('resnet',)


def run(command):
  """Seconds and peak bytes of a process."""
  begin = time.perf_counter()
  child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | {'JAX_PLATFORMS': 'cpu'})
  _, status, usage = os.wait4(child.pid, 0)
  seconds = time.perf_counter() - begin
  child.returncode = os.waitstatus_to_exitcode(status)
  if child.returncode != 0:
    sys.exit(f'failed: {" ".join(command)}')
  return seconds, usage.ru_maxrss * 1024


def call_seconds(command):
  """Seconds of each call after the first three, as the process prints them."""
  text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | {'JAX_PLATFORMS': 'cpu'}).stdout
  return [float(line) for line in text.split()[3:]]


def time_text(seconds):
  for unit, scale in (('s', 1), ('ms', 1e3), ('us', 1e6)):
    if seconds * scale >= 1:
      return f'{seconds * scale:.3g} {unit}'
  return f'{seconds * 1e9:.3g} ns'


def print_table(head, rows):
  rows = [head, *rows]
  widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
  for n, row in enumerate(rows):
    print('| ' + ' | '.join(cell.ljust(width) for cell, width in zip(row, widths)) + ' |')
    if n == 0:
      print('|' + '|'.join('-' * (width + 2) for width in widths) + '|')
  print(flush=True)


class Model:
  """One model, with its files in a folder."""
  def __init__(self, name, folder, linenc):
    self.name, self.folder = name, folder
    self.yaml = str(ROOT / f'models/{name}.yaml')
    self.input, self.variables, self.onnx = self.file('x.npy'), self.file('vars.npz'), self.file('onnx')
    for variables in (self.variables, self.file('bin')):
      run([linenc, 'init', self.yaml, '-o', variables])
    run([*PYTHON, 'make-input', name, self.input])
    if name not in INIT_ONLY:
      run([*PYTHON, 'export', name, self.variables, self.input, self.onnx])

  def file(self, suffix):
    return os.path.join(self.folder, f'{self.name}.{suffix}')

  def commands(self, linenc):
    """{job: {engine: command}}"""
    jobs = {
        'check': {'linenc': [linenc, 'check', self.yaml]},
        'init': {'linenc': [linenc, 'init', self.yaml, '-o', self.file('made.bin'), '--force'],
                 'Flax': [*PYTHON, 'flax-init', self.name, self.input, self.file('flax.npz')]},
        'apply': {'linenc': [linenc, 'apply', self.yaml, self.file('bin'), self.input, '-o', self.file('linenc.npy')],
                  'Flax': [*PYTHON, 'flax-apply', self.name, self.variables, self.input, self.file('flax.npy')],
                  'ONNX Runtime': [*PYTHON, 'onnx-apply', self.onnx, self.input, self.file('onnx.npy')]},
    }
    if self.name in INIT_ONLY:
      del jobs['apply']
    return jobs

  def calls(self, call_time, count):
    return {'linenc': [call_time, self.yaml, self.file('bin'), self.input, str(count)],
            'Flax': [*PYTHON, 'flax-calls', self.name, self.variables, self.input, str(count)],
            'ONNX Runtime': [*PYTHON, 'onnx-calls', self.onnx, self.input, str(count)]}

  def compare(self):
    """The engines ran the same model on the same arrays."""
    engines = () if self.name in INIT_ONLY else ('linenc', 'flax', 'onnx')
    run([*PYTHON, 'agree', self.variables, self.file('flax.npz'), *(self.file(f'{engine}.npy') for engine in engines)])


def row(model, job, engine, times, ours, *more):
  ratio = '1' if engine == 'linenc' else f'{statistics.median(times) / statistics.median(ours):.3g}'
  return [model, job, engine, f'{time_text(min(times))} / {time_text(statistics.median(times))}', ratio, *more]


def whole_processes(models, linenc, rounds):
  seconds, memory = {}, {}
  for _ in range(rounds):
    for model in models:
      for job, engines in model.commands(linenc).items():
        for engine, command in engines.items():
          spent, peak = run(command)
          seconds.setdefault((model.name, job, engine), []).append(spent)
          memory.setdefault((model.name, job, engine), []).append(peak)
  for model in models:
    model.compare()
  print(f'Whole processes, {rounds} rounds: start, reading, work and writing. Outputs agree; initial values have the same bits.\n')
  rows = [row(*key, times, seconds[key[0], key[1], 'linenc'], f'{max(memory[key]) / 2**20:.0f} MiB') for key, times in seconds.items()]
  print_table(['model', 'job', 'engine', 'time (min / median)', 'x linenc', 'peak memory'], rows)


def single_calls(models, call_time, rounds, count=200):
  seconds = {}
  models = [model for model in models if model.name not in INIT_ONLY]
  for _ in range(rounds):
    for model in models:
      for engine, command in model.calls(call_time, count).items():
        seconds.setdefault((model.name, engine), []).extend(call_seconds(command))
  print(f'One call of a compiled model, {rounds} x {count} calls, every core:\n')
  rows = [row(model, 'call', engine, times, seconds[model, 'linenc']) for (model, engine), times in seconds.items()]
  print_table(['model', 'job', 'engine', 'time (min / median)', 'x linenc'], rows)


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument('--linenc', required=True)
  parser.add_argument('--call-time')
  parser.add_argument('--rounds', type=int, default=7)
  parser.add_argument('--models', default=','.join(MODELS))
  options = parser.parse_args()
  linenc = str(pathlib.Path(options.linenc).resolve())
  with tempfile.TemporaryDirectory() as folder:
    models = [Model(name, folder, linenc) for name in options.models.split(',')]
    whole_processes(models, linenc, options.rounds)
    if options.call_time:
      single_calls(models, str(pathlib.Path(options.call_time).resolve()), max(1, options.rounds // 2))


if __name__ == '__main__':
  main()
