"""Writes goldens/functions/numpy*: what NumPy gives for arrays that are known while compiling.

A case is a list of expressions. Beside the values, which become float32 and int32 as they leave the model, it holds their
dtypes, and of float64 ones what the rounding to float32 left away.
"""

import json
import warnings

import numpy as np

from function_cases import EXACT, PYTHON, Functions
from golden_files import write_index

CLOSE = (3e-7, 3e-16)      # the last place of float32, and a few last places of float64 (relative to values near 1)
DTYPES = 'bool int8 uint8 int16 int64 uint32 float16 float32 float64'.split()
NUMBERS = {
    'bool': '[true, false, true, true]', 'int8': '[7, -7, 3, 127]', 'uint8': '[7, 200, 0, 3]', 'int16': '[-300, 300, 7, 2]',
    'int64': '[5, -9, 4000000000, 0]', 'uint32': '[1, 4000000000, 12, 3]', 'float16': '[0.5, -2.5, 3.1, 1000.0]',
    'float32': '[0.1, -7.3, 2.5, 100.0]', 'float64': '[0.1, -7.3, 2.5, 1e5]'}
NAMES = PYTHON | {'np': np, 'true': True, 'false': False, 'none': None, 'zip': zip}
TOTALS = "[v, np.array([e.dtype == t for (e, t) in zip(v, t)]), [e - e.astype('float32') for e in v if e.dtype == 'float64']]"


def value(text):
  """The value in NumPy, or none where NumPy refuses."""
  with warnings.catch_warnings(), np.errstate(all='ignore'):
    warnings.simplefilter('ignore')
    try:
      return eval(text, dict(NAMES))
    except (TypeError, ValueError, OverflowError, IndexError):
      return None


class Numpy:
  """The cases of one file."""

  def __init__(self, name):
    self.functions = Functions(name)

  def add(self, name, expressions, tolerance=EXACT):
    kept = [e for e in expressions if value(e) is not None and not isinstance(value(e), (tuple, list))]
    if not kept:
      return
    values = [np.asarray(value(e)) for e in kept]
    dtypes = [v.dtype.name for v in values]
    names = NAMES | {'v': values, 't': dtypes}
    code = compile(TOTALS, name, 'eval')

    def function(module):
      with np.errstate(all='ignore'):
        return eval(code, dict(names))
    texts = ', '.join(kept)
    lines = [f'let: {json.dumps({"v": f"[{texts}]"})}', f'let: {json.dumps({"t": str(dtypes)})}', f'return: {json.dumps(TOTALS)}']
    self.functions.statements(name, lines, function, tolerance=tolerance)

  def write(self):
    self.functions.write()


def array(dtype, numbers=None):
  return f"np.array({numbers or NUMBERS[dtype]}, '{dtype}')"


def operators():
  cases = Numpy('numpy_operators')
  for name, operator in {
      'add': '+', 'subtract': '-', 'multiply': '*', 'divide': '/', 'floor_divide': '//', 'modulo': '%', 'power': '**', 'and': '&', 'or': '|',
      'xor': '^', 'left_shift': '<<', 'right_shift': '>>', 'equal': '==', 'not_equal': '!=', 'less': '<', 'less_equal': '<=', 'greater': '>',
      'greater_equal': '>='}.items():
    for left in DTYPES:
      pairs = [f'{array(left)} {operator} {array(right)}' for right in DTYPES]
      # `**` of an array of bool with the number 2 alone is an int8.
      numbers = ('2.0', ) if (left, operator) == ('bool', '**') else ('2', )
      pairs += [f'{array(left)} {operator} {number}' for number in numbers + ('-1', '2.5', 'true', '0', '0.0', '300')]
      pairs += [f'{number} {operator} {array(left)}' for number in ('2', '2.5', '-3')]
      # No two libraries raise to a power with the same last bit.
      cases.add(f'{name}_{left}', pairs, (6e-7, 4e-8) if operator == '**' else EXACT)
  cases.add('unary', [f'{sign}{array(dtype)}' for sign in '-~+' for dtype in DTYPES])
  cases.add('matmul', ['np.arange(6).reshape(2, 3) @ np.arange(12).reshape(3, 4)', 'np.arange(3.0) @ np.arange(3.0)',
                       'np.arange(6.0).reshape(2, 3) @ np.arange(3)', 'np.arange(12).reshape(2, 2, 3) @ np.arange(6).reshape(3, 2)',
                       "np.ones((2, 3), 'float32') @ np.ones((3, 2), 'float32')"])
  cases.add('broadcasting', [f'np.arange({a}.0).reshape{x} {op} np.arange({b}).reshape{y}' for op in '+*-' for a, x, b, y in (
      (6, '(2, 3)', 3, '(3,)'), (2, '(2, 1)', 3, '(1, 3)'), (1, '(1,)', 6, '(2, 3)'), (4, '(4, 1, 1)', 6, '(2, 3)'), (0, '(0, 3)', 3, '(3,)'))])
  cases.add('scalars', [
'np.float32(0.1) * 3', 'np.float32(0.1) + np.float64(0.2)', 'np.int64(7) // 2', 'np.int64(7) / 2', 'np.float64(2) ** -0.5',
             'np.int8(5) * 2', 'np.sqrt(2) * np.arange(3)', 'np.pi * np.float32(2)', '2 ** np.int64(10)', 'np.array(3) + 1', 'np.float64(np.e - np.pi)'])
  cases.write()


def elementwise():
  cases = Numpy('numpy_elementwise')
  reals = '[0.3, -0.7, 1.5, -2.5, 3.5, 0.0, -0.0, 12.25, inf, -inf, nan]'
  positive = '[0.3, 0.7, 1.5, 2.5, 1e-3, 100.0, inf, nan]'
  inside = '[0.3, -0.7, 0.0, 0.99]'
  domain = {'log': positive, 'log2': positive, 'log10': positive, 'log1p': positive, 'sqrt': positive, 'arcsin': inside, 'arccos': inside,
            'arctanh': inside, 'arccosh': '[1.0, 1.5, 20.0]', 'exp': '[0.3, -0.7, 5.5, -20.0, 0.0, -inf]', 'exp2': '[0.3, -0.7, 5.5, -20.0, 0.0, -inf]',
            'expm1': '[0.3, -0.7, 5.5, -20.0, 0.0, -inf]', 'sinh': inside, 'cosh': inside, 'sin': '[0.3, -0.7, 12.5, 1000.0, 0.0]',
            'cos': '[0.3, -0.7, 12.5, 1000.0, 0.0]', 'tan': '[0.3, -0.7, 12.5, 1000.0, 0.0]', 'reciprocal': '[0.3, -0.7, 12.5]'}
  exact = ('sqrt abs absolute fabs sign floor ceil trunc fix rint round around negative positive square isnan isinf isfinite logical_not sin cos '
           'deg2rad radians').split()
  close = ('tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp exp2 expm1 log log2 log10 log1p cbrt rad2deg degrees sinc reciprocal').split()
  for name in exact + close:
    numbers = domain.get(name, reals)
    texts = [f'np.{name}({array("float64", numbers)})', f'np.{name}(2)', f'np.{name}(0.25)', f"np.{name}({array('int64', '[1, 2, 3]')})"]
    cases.add(name, texts, EXACT if name in exact else CLOSE)
    if name == 'sinc':
      continue
    narrow = [f'np.{name}({array(dtype, numbers if dtype.startswith("float") else "[1, 1, 1]")})' for dtype in ('float32', 'float16', 'bool', 'int8', 'uint8', 'int16')]
    cases.add(f'{name}_narrow', narrow, EXACT if name in exact and name not in ('sin', 'cos') else (1.2e-3, 1e-6))
  whole = [f'np.{name}({array(dtype)})' for name in 'abs sign negative square positive floor ceil invert bitwise_not logical_not reciprocal'.split()
           for dtype in ('int8', 'uint8', 'int64', 'bool')]
  cases.add('whole_numbers', whole)
  pairs = ('add subtract multiply divide true_divide floor_divide mod remainder fmod maximum minimum fmax fmin equal not_equal less '
           'less_equal greater greater_equal logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor left_shift right_shift copysign '
           'heaviside nextafter gcd lcm').split()
  for name in pairs + ['power', 'float_power', 'arctan2', 'hypot', 'logaddexp', 'logaddexp2']:
    texts = [f'np.{name}({a}, {b})' for a in ('np.array([0.5, -1.5, 7.25, nan])', 'np.array([6, 7, -8, 9])', 'np.array([true, false, true, true])', '3')
             for b in ('np.array([2.0, 0.5, 3.0, 1.0])', 'np.array([4, 2, 1, 3])', "np.array([2, 1, 3, 2], 'int8')", '2')]
    cases.add(name, texts, EXACT if name in pairs else (6e-7, 4e-8))
  cases.add('where', [f'np.where(np.array([true, false, true]), {a}, {b})' for a, b in (
      ('1', '2'), ('np.arange(3)', '0.5'), ('np.arange(3)', 'np.arange(3.0)'), ("np.float32(1)", '2'), ('np.arange(6).reshape(2, 3)', '-1'))])
  cases.add('clip', ['np.clip(np.arange(6), 1, 4)', 'np.clip(np.arange(6.0), 1.5, none)', 'np.arange(6).clip(2, 3)', 'np.clip(np.arange(4), np.array([1, 1, 3, 3]), 2)',
                     "np.clip(np.arange(4, dtype='float32'), 0.5, 2)"])
  cases.add('round_decimals', [f'np.round({x}, {d})' for x in ('np.array([0.125, 2.675, -1.15, 12345.678])', "np.array([0.125, 2.675, -1.15], 'float32')") for d in (0, 1, 2, 3, -1, -2)])
  cases.add('astype', [f'{array(a, numbers)}.astype({b})' for a, numbers in (('float64', '[1.7, -1.7, 300.5, 0.0]'), ('int64', '[1, -1, 300, 70000]'), ('bool', '[true, false]'))
                       for b in [f"'{t}'" for t in DTYPES] + ['np.int32', 'np.float32', 'int', 'float', 'bool', 'np.uint16']])
  cases.add('nan_to_num', ['np.nan_to_num(np.array([nan, 1.0, 2.0]))', 'np.nan_to_num(np.array([nan, inf, -inf]), nan=1.0, posinf=2.0, neginf=3.0)',
                           "np.nan_to_num(np.array([nan, inf, -inf], 'float32'))"])
  cases.write()


def creation():
  cases = Numpy('numpy_creation')
  cases.add('arange', ['np.arange(5)', 'np.arange(5.0)', 'np.arange(2, 9, 3)', 'np.arange(9, 2, -3)', 'np.arange(0, 1, 0.1)', 'np.arange(1, 2, 0.3)', 'np.arange(0)', 'np.arange(5, 2)',
                       "np.arange(5, dtype='float32')", "np.arange(0, 3, 0.25, dtype='float32')", "np.arange(0, 1, 0.1, dtype='float16')", "np.arange(0, 64, 2, dtype=np.float32)",
                       "np.arange(4, dtype='int8')", 'np.arange(-0.5, 2.75)', 'np.arange(np.int64(4))', 'np.arange(np.float32(2.5))', "np.arange(0, 7, 0.7)", 'np.arange(3, dtype=float)'])
  ends = ('0, 1', '1, 5', '0, 2.5', '-1.0, 1.0', '5, 5', '2, -3')
  cases.add('linspace', [f'np.linspace({e}{more})' for e in ends for more in ('', ', 7', ', 1', ', 0', ', 5, endpoint=false', ", 4, dtype='float32'", ", 4, dtype='int64'", ', num=11')] +
            ['np.linspace(np.array([0, 1]), np.array([1.0, 3.0]), 4)', 'np.linspace(np.array([0, 1]), 2, 3, axis=1)', 'np.linspace(0, 1, 5, retstep=true)[0]'])
  cases.add('logspace', ['np.logspace(0, 2, 5)', 'np.logspace(0, 3, 4, base=2.0)', 'np.logspace(1, 2, 3, endpoint=false)', 'np.geomspace(1, 1000, 4)', 'np.geomspace(0.1, 5, 7)',
                         'np.geomspace(-1, -16, 5)'], (6e-7, 4e-6))
  for name in ('zeros', 'ones'):
    cases.add(name, [f'np.{name}({s}{t})' for s in ('3', '(2, 3)', '()', '(0, 2)', '[2, 1, 2]') for t in ('', ", 'int64'", ", 'bool'", ', dtype=np.float32', ', int')] +
              [f'np.{name}_like({x}{t})' for x in ('np.arange(3)', 'np.arange(4.0).reshape(2, 2)') for t in ('', ", 'float32'")])
  cases.add('full', ['np.full(3, 7)', 'np.full((2, 2), 0.5)', 'np.full((2, 3), np.arange(3))', "np.full(2, 1, 'float32')", 'np.full(2, true)', 'np.full_like(np.arange(3), 2.7)',
                     'np.full_like(np.arange(3.0), 2)', "np.full_like(np.arange(3), 1, 'float32')"])
  for name in ('eye', 'tri'):
    cases.add(name, [f'np.{name}({a})' for a in ('3', '3, 4', '4, 3, 1', '3, k=-1', "2, dtype='int64'", "3, 3, 2, 'bool'", '0')])
  cases.add('identity', ['np.identity(3)', "np.identity(2, 'int64')"])
  for name in ('tril', 'triu'):
    cases.add(name, [f'np.{name}({x}{k})' for x in ('np.ones((3, 3))', 'np.arange(12).reshape(3, 4)', 'np.arange(12).reshape(2, 2, 3)') for k in ('', ', 1', ', -1', ', k=5')])
    cases.add(f'{name}_indices', [f'np.array(np.{name}_indices({a}))' for a in ('3', '3, 1', '2, -1', '2, 0, 4')])
  cases.add('diag', [f'np.diag({x}{k})' for x in ('np.arange(3)', 'np.arange(12.0).reshape(3, 4)') for k in ('', ', 1', ', -2')])
  cases.add('meshgrid', [f'np.stack(np.meshgrid({a}))' for a in ('np.arange(3), np.arange(2)', "np.arange(3), np.arange(2), indexing='ij'", 'np.arange(2.0), np.arange(3), np.arange(2)',
                                                                 'np.linspace(0, 1, 3), np.linspace(0, 1, 2)')])
  cases.add('indices', ['np.indices((2, 3))', "np.indices((3,), 'int32')", 'np.indices((2, 1, 2))'])
  cases.add('windows', ['np.hanning(5)', 'np.hanning(1)', 'np.hamming(6)', 'np.hamming(0)'], (3e-7, 1e-15))
  cases.add('array', ['np.array([1, 2.5])', 'np.array([[1, 2], [3, 4]])', 'np.array([true, 2])', "np.array([1, 2], 'float32')", 'np.asarray([np.arange(2), np.arange(2)])', 'np.array(3)',
                      'np.array([])', 'np.array([np.float32(1), 2])', 'np.array([np.int8(1), np.float16(2)])', 'np.copy(np.arange(2))', 'np.asarray(np.arange(2), np.float32)',
                      'np.ascontiguousarray(np.arange(2).T)'])
  cases.write()


def shapes():
  cases = Numpy('numpy_shapes')
  arrays = {'a': 'np.arange(24).reshape(2, 3, 4)', 'b': 'np.arange(6.0).reshape(2, 3)', 'c': "np.arange(4, dtype='int8')"}
  a, b, c = arrays.values()
  cases.add('reshape', [f'{a}.reshape({s})' for s in ('24', '-1', '(4, 6)', '2, -1', '(2, 3, 4)', '3, 8', '(1, 24, 1)')] + [f'np.reshape({b}, (3, 2))', f'{a}.ravel()', f'{b}.flatten()', f'np.ravel({c})'])
  cases.add('transpose', [f'{a}.transpose({s})' for s in ('', '1, 0, 2', '(2, 0, 1)', '-1, 0, 1')] + [f'{a}.T', f'{b}.T', f'{c}.T', f'np.transpose({a}, (0, 2, 1))', f'{a}.swapaxes(0, 2)', f'np.swapaxes({b}, 0, -1)',
                                                                                               f'np.moveaxis({a}, 0, -1)', f'np.moveaxis({a}, (0, 1), (2, 0))', f'{a}.mT'])
  cases.add('axes', [f'np.expand_dims({b}, {s})' for s in ('0', '-1', '(0, 2)', '1')] + [f'np.squeeze({x}{s})' for x in ('np.ones((1, 2, 1))', ) for s in ('', ', 0', ', axis=-1', ', (0, 2)')] +
            [f'np.broadcast_to({b}, (2, 2, 3))', 'np.broadcast_to(3, (2, 2))', f'np.atleast_1d(3)', f'np.atleast_2d({c})', f'np.atleast_3d({b})', f'np.atleast_3d({c})'])
  pairs = (f'[{b}, {b}]', f'[{b}, np.ones((2, 3), "int64")]', f'({b}, {b} + 1, {b} * 2)')
  for name in ('concatenate', 'stack'):
    cases.add(name, [f'np.{name}({p}{s})' for p in pairs for s in ('', ', 1', ', axis=-1', ', axis=none') if name == 'concatenate' or 'none' not in s] + [f'np.{name}([{c}, np.arange(4)])', f'np.{name}({a})'])
  for name in ('hstack', 'vstack', 'dstack'):
    cases.add(name, [f'np.{name}({p})' for p in pairs] + [f'np.{name}([{c}, {c}])', f'np.{name}([1, 2])'])
  cases.add('append', [f'np.append({b}, {b})', f'np.append({b}, {b}, 0)', f'np.append({c}, [1, 2])'])
  cases.add('repeat', [f'np.repeat({x}, {n}{s})' for x in (a, b) for n in ('2', '0') for s in ('', ', axis=0', ', axis=-1')] + [f'np.repeat({b}, [1, 2], axis=0)', f'{c}.repeat(3)'])
  cases.add('tile', [f'np.tile({x}, {n})' for x in (b, c) for n in ('2', '(2, 1)', '(2, 2, 1)', '[1, 3]', '0')])
  cases.add('flip', [f'np.flip({x}{s})' for x in (a, b) for s in ('', ', 0', ', axis=-1', ', (0, 1)')])
  cases.add('roll', [f'np.roll({x}, {s})' for x in (a, b) for s in ('1', '-2', '1, 0', '2, axis=1', '(1, 1), axis=(0, 1)')])
  cases.add('rot90', [f'np.rot90({b}{s})' for s in ('', ', 2', ', -1', ', 1, (1, 0)')])
  cases.add('take', [f'np.take({b}, {i}{s})' for i in ('0', '[1, 0]', 'np.array([[0, 1], [1, 1]])', '-1') for s in ('', ', axis=0', ', axis=1')])
  cases.add('split', [f'np.stack(np.split(np.arange(12).reshape(2, 6), {s}))' for s in ('2', '3, axis=1', '[1]', '[2, 4], 1')] + ['np.array_split(np.arange(7), 3)[0]', 'np.array_split(np.arange(7), 3)[2]', 'np.split(np.arange(7), [2, -1])[1]'])
  cases.add('pad', [f'np.pad({x}, {w}{m})' for x in (b, ) for w in ('1', '((1, 0), (0, 2))', '[(0, 1), (2, 2)]') for m in ('', ", 'edge'", ", mode='reflect'", ", 'symmetric'", ", 'wrap'", ', constant_values=9')] + [f'np.pad({c}, (2, 1))'])
  index = ['0', '-1', '1:', ':-1', '::2', '::-1', ':, 0', '..., -1', '..., None', 'None', ':, None, 1', '1, 2', '0, :, ::-2', 'np.array([1, 0, 1])', ':, np.array([0, 2])', '[0, 1], [1, 2]',
           'np.array([[0], [1]]), np.array([0, 2])', '0, :, [0, 3]', '[1, 0], :, [0, 3]', 'np.arange(2) > 0', '(slice_, 1)', ':, :, np.array([true, false, true, true])', '5:', '-9:9', 'np.newaxis, 0', '..., 0, np.array([1, 1])']
  cases.add('indexing', [f'{a}[{i}]' for i in index if 'slice_' not in i] + [f'{b}[{b} > 2]', f'{b}[1, 2]', f'{b}[...]', f'{c}[{c} % 2 == 0]', f'{c}[np.int64(1)]', f'{c}[1:][::-1]', f'{b}[:0]'])
  cases.add('attributes', [f'np.array({x}.shape)' for x in (a, b, c)] + [f'np.array([{x}.ndim, {x}.size])' for x in (a, b, c)] + [f'np.array([np.ndim({a}), np.size({b})])', f'np.array(np.shape({a}))'])
  cases.write()


def reductions():
  cases = Numpy('numpy_reductions')
  arrays = ('np.arange(24).reshape(2, 3, 4)', 'np.sin(np.arange(60.0)).reshape(3, 4, 5)', "np.array([[1, 200], [100, 7]], 'uint8')", 'np.array([[true, false], [true, true]])',
            "np.cos(np.arange(12)).astype('float32').reshape(3, 4)", "np.cos(np.arange(12)).astype('float16').reshape(3, 4)")
  for name in ('sum', 'prod', 'mean', 'max', 'min', 'std', 'var', 'any', 'all', 'amax', 'amin', 'ptp', 'count_nonzero'):
    method = name not in ('amax', 'amin', 'ptp', 'count_nonzero')
    texts = [f'np.{name}({x}{s})' for x in arrays for s in ('', ', axis=0', ', axis=-1', ', axis=(0, 1)', ', axis=1, keepdims=true', ', keepdims=true')]
    texts += [f'{x}.{name}({s})' for x in arrays[:2] for s in ('', '0', 'axis=(1, 2)', '-1') if method]
    cases.add(name, [t for t in texts if not (name == 'count_nonzero' and 'float16' in t)])
  cases.add('dtypes', [f'np.{name}({x}, dtype={d})' for name in ('sum', 'prod', 'cumsum') for x in ('np.arange(1, 5)', "np.arange(1, 5, dtype='int8')") for d in ("'int8'", "'float32'", "'float64'")] +
            ["np.mean(np.arange(5), dtype='float32')", 'np.sum([1, 2.5])', 'np.mean([1, 2])', 'np.prod((2, 3))', 'np.max([3, 1])'])
  cases.add('long_sums', [f'np.sum(np.sin(np.arange({n}.0)))' for n in (1, 7, 8, 9, 127, 128, 129, 1000, 4097)] + ['np.sin(np.arange(3000.0)).reshape(3, 1000).sum(0)', 'np.sin(np.arange(3000.0)).reshape(3, 1000).sum(1)',
                         "np.sin(np.arange(1000)).astype('float32').sum()", 'np.sin(np.arange(3000.0)).reshape(10, 300).mean(axis=-1)', 'np.sin(np.arange(3000.0)).reshape(10, 3, 100).sum((0, 2))'])
  for name in ('argmax', 'argmin'):
    cases.add(name, [f'np.{name}({x}{s})' for x in arrays + ('np.array([1.0, nan, 3.0])', 'np.array([3, 1, 3, 1])') for s in ('', ', axis=0', ', axis=-1', ', axis=0, keepdims=true')])
  for name in ('cumsum', 'cumprod'):
    cases.add(name, [f'np.{name}({x}{s})' for x in arrays[:5] for s in ('', ', axis=0', ', axis=-1')] + [f'np.arange(5).{name}()'])
  cases.add('sort', [f'np.{name}({x}{s})' for name in ('sort', 'argsort') for x in ('np.array([[3, 1, 2], [0, 5, 4]])', 'np.sin(np.arange(12.0)).reshape(3, 4)', 'np.array([2.0, nan, 1.0])') for s in ('', ', axis=0', ', axis=none')])
  cases.add('diff', [f'np.diff({x}{s})' for x in ('np.array([1, 4, 9, 16])', 'np.arange(6.0).reshape(2, 3) ** 2') for s in ('', ', 2', ', axis=0')])
  cases.add('products', ['np.outer(np.arange(3), np.arange(2.0))', 'np.outer(np.ones((2, 2)), [1, 2])', 'np.dot(np.arange(3), np.arange(3))', 'np.dot(np.arange(6).reshape(2, 3), np.arange(3))', 'np.dot(2, np.arange(3))',
                         'np.matmul(np.arange(6.0).reshape(2, 3), np.ones((3, 2)))', 'np.trace(np.arange(9).reshape(3, 3))', 'np.array(np.nonzero(np.array([[1, 0], [0, 2]])))'])
  sines = {dtype: f"np.sin(np.arange(6.0)).astype('{dtype}')" for dtype in ('float64', 'float32')}
  whole = {dtype: f"np.arange(6).astype('{dtype}').reshape(2, 3)" for dtype in ('float64', 'float32', 'int64', 'int32', 'uint8', 'bool')}
  cases.add('einsum_outer', [f"np.einsum('{equation}', {a}, {b})" for equation in ('m,d->md', 'm,d->dm', 'i,i->i', 'm,d') for a in sines.values() for b in sines.values()])
  cases.add('einsum_sums', [f"np.einsum('{equation}', {a}, {b})" for equation in ('ij,kj->ik', 'ij,ij', 'ij,ij->j', 'ij,kl->il') for a in whole.values() for b in whole.values()])
  cases.add('einsum_one', [f"np.einsum('{equation}', {a})" for equation in ('ij->ji', 'ij->', 'ij->i', 'ji') for a in whole.values()])
  cases.add('einsum_kin', ["np.einsum('ii', np.arange(9.0).reshape(3, 3))", "np.einsum('ii->i', np.arange(9).reshape(3, 3))", "np.einsum('i,j,k->kij', np.arange(2), np.arange(3.0), np.arange(2.0))",
                           "np.einsum('i,->i', np.arange(3), 2.5)", "np.einsum('i,->i', np.ones(3, 'float32'), 2.5)", "np.einsum('ij,jk->ik', np.ones((2, 0)), np.ones((0, 3)))", "np.einsum('i , j -> i j', np.arange(2), np.arange(3))",
                           "np.einsum('ij,ij->ij', np.arange(3.0).reshape(1, 3), np.arange(6.0).reshape(2, 3))"])
  cases.write()


def arguments():
  """Arguments beside the usual ones."""
  cases = Numpy('numpy_arguments')
  a, b, c = 'np.arange(24).reshape(2, 3, 4)', 'np.sin(np.arange(60.0)).reshape(3, 4, 5)', "np.cos(np.arange(12)).astype('float32').reshape(3, 4)"
  arrays = (a, b, c, "np.array([[1, 200, 3], [100, 7, 9]], 'uint8')", 'np.array([[true, false], [true, true]])', "np.cos(np.arange(40)).astype('float16').reshape(4, 10)")
  axes = ('', ', axis=0', ', axis=-1', ', axis=(0, 1), keepdims=true')
  masks = {x: (f'{x} > 0', f'{x} % 2 < 1', 'false') for x in arrays}
  for name in ('sum', 'prod'):
    cases.add(f'{name}_initial', [f'np.{name}({x}{s}, initial={i})' for x in arrays for s in axes for i in ('3', '0.5')])
    cases.add(f'{name}_where', [f'np.{name}({x}{s}, where={m}{i})' for x in arrays for s in axes for m in masks[x] for i in ('', ', initial=2')])
  for name in ('max', 'min', 'amax', 'amin'):
    cases.add(f'{name}_initial', [f'np.{name}({x}{s}, initial={i}{m})' for x in arrays for s in axes for i in ('3', '-1.5', '0') for m in ('', f', where={x} > 0')] + [
        f'np.{name}(np.array([1.0, nan]), initial=0)', f'np.{name}(np.array([], float), initial=4)', f'np.{name}({a}, axis=0, where={a}[0] > 3, initial=7)'])
  for name in ('any', 'all'):
    cases.add(f'{name}_where', [f'np.{name}({x}{s}, where={m})' for x in arrays for s in axes for m in masks[x]])
  for name in ('mean', 'var', 'std'):
    cases.add(f'{name}_where', [f'np.{name}({x}{s}, where={x} > 0{m})' for x in arrays for s in axes for m in ('', ", dtype='float32'")])
    whole = [f"np.{name}({x}{s}, dtype={d})" for x in arrays for s in axes for d in ("'int64'", "'int8'", 'int', "'float32'", "'float64'", "'uint16'")]
    cases.add(f'{name}_dtype', whole, CLOSE)
  for name in ('var', 'std'):
    cases.add(f'{name}_arguments', [f'np.{name}({x}{s}{m})' for x in arrays for s in axes for m in (', ddof=1', ', correction=1', ', correction=0.5', f', mean=np.mean({x}{s}, keepdims=true)'
                                                                                                    if 'keepdims' not in s else f', mean=np.mean({x}{s})')])
  cases.add('orders', [f'{x}.reshape({s}, order="F")' for x in arrays for s in ('-1', '(1, -1)', '(-1, 2)', '2, -1')] + [f'np.reshape({a}, {s}, "F")' for s in ('24', '(4, 6)', '(3, -1)')] +
            [f'np.ravel({x}, "F")' for x in arrays] + [f'{x}.flatten("F")' for x in arrays] + [f'{x}.ravel(order="C")' for x in arrays] + [f'np.reshape({a}, (6, 4), order="C")'])
  cases.add('new', [f'np.array({x}, ndmin={n})' for x in ('3', '[1, 2]', a) for n in range(5)] + [
      "np.array([1, 2], 'float32', copy=true, order='C', subok=false, ndmin=2)", "np.asarray([1, 2], order='C', copy=none)", "np.zeros((2, 2), order='C')", "np.ones(3, 'int8', 'C')",
      "np.full((2,), 3, order='C', like=none)", 'np.zeros_like(np.arange(3), subok=true)', "np.empty_like(prototype=np.zeros(2), shape=(0, 3))", "np.eye(2, device='cpu')", 'np.arange(start=1, stop=4)',
      'np.copy([1, 2], "K")', 'np.linspace(0, 1, 3, device=none)', 'np.meshgrid([1, 2], [3, 4, 5], sparse=true, copy=false)[0]', 'np.meshgrid([1, 2], [3, 4, 5], sparse=true)[1]',
      'np.indices((2, 3), sparse=true)[0]', "np.indices((2, 3), 'int8', true)[1]", 'np.geomspace([1, 2], [10, 20], 3, axis=1)', 'np.geomspace(np.array([1.0, -2.0]), [10, -20], 4)',
      "np.geomspace(1, 100, 5, dtype='int64', axis=0)", 'np.geomspace(2, 32, 1)', 'np.linspace(np.float32(0), np.float32(1), 7)', 'np.linspace(np.float32(0.1), 2, 5)', 'np.linspace(np.float16(0), np.float16(1), 7)',
      "np.linspace(np.array([0.1, 3], 'float32'), 5, 4, endpoint=false)", "np.linspace(np.float32(0), 1, 4, dtype='float64')", "np.linspace(np.int8(0), 1, 4)", "np.linspace(np.float32(0), 10, 4, dtype='int64')", 'np.geomspace(2, 32, 4, endpoint=false)'], CLOSE)
  reals = 'sin tanh exp log1p sqrt cbrt rint deg2rad degrees'.split()
  ones = reals + 'floor ceil trunc negative positive square sign reciprocal abs absolute fabs invert bitwise_not'.split()
  pairs = ('add subtract multiply divide floor_divide mod remainder fmod maximum minimum fmax fmin bitwise_and bitwise_or bitwise_xor left_shift right_shift copysign heaviside nextafter gcd lcm '
           'true_divide').split()
  given = ('np.array([0.5, 2.0, 3.25])', 'np.array([1, 2, 3])', "np.array([1, 2, 3], 'uint8')", 'np.array([true, false])', "np.array([0.5, 3.0], 'float16')", '2')
  dtypes = ("'float32'", "'float64'", "'float16'", "'int64'", "'int8'", "'uint8'", "'bool'", 'np.float32', 'int')
  for name in ones:
    texts = [f'np.{name}({x}, dtype={d})' for x in given for d in dtypes]
    cases.add(f'dtype_{name}', texts, (1.2e-3, 1e-6) if name in reals else EXACT)
  for name in pairs + ['power', 'arctan2', 'hypot', 'logaddexp']:
    texts = [f'np.{name}({x}, {y}, dtype={d})' for x in given for y in ('2', "np.array([3], 'int8')", 'np.array([2.5])') for d in dtypes]
    cases.add(f'dtype_{name}', texts, EXACT if name in pairs else (1.2e-3, 1e-6))
  cases.add('ufuncs', [f'np.{name}(np.array([1, 2]), np.array([2, 1]), out=none, where=true, casting="same_kind", order="K", dtype=none, subok=true)' for name in ('add', 'maximum', 'less', 'equal')] +
            ['np.equal([1], [1], dtype=bool)', 'np.isnan([1.0], dtype=none)', "np.matmul([[1, 2]], [[3], [4]], dtype='float32')", 'np.matmul(np.eye(2), np.eye(2), keepdims=false)'])
  cases.add('joined', [f'np.{name}([{x}, {y}], dtype={d})' for name in ('concatenate', 'concat', 'stack', 'hstack', 'vstack') for x in ('[1, 2]', '[0.5, 1.5]', "np.array([1, 2], 'int8')") for y in ('[3, 4]', '[true, false]')
                       for d in ("'float32'", "'int64'", "'int8'", 'none', "'uint8'")] + ["np.concatenate([[1], [2]], 0, none, dtype='int16', casting='same_kind')"])
  cases.add('take_mode', [f'np.take({x}, {i}{s}, mode="{m}")' for x in ('np.arange(6.0).reshape(2, 3)', 'np.arange(4)') for i in ('7', '-9', '[5, -7, 0]', 'np.array([[1, 12]])') for s in ('', ', axis=0', ', axis=-1') for m in ('wrap', 'clip')] +
            ['np.take(np.arange(4), [0, -1], none, none, "raise")'])
  cases.add('traces', [f'np.trace({x}{s})' for x in (a, b, 'np.arange(6).reshape(2, 3)', "np.arange(9, dtype='int8').reshape(3, 3)") for s in ('', ', 1', ', -1', ', offset=9', ', 0, 1, 0', ', 1, -1, 0', ', axis1=1, axis2=2', ", dtype='float32'")])
  cases.add('differences', [f'np.diff({x}{s})' for x in ('np.array([1, 4, 9, 16])', 'np.arange(6.0).reshape(2, 3) ** 2') for s in (', prepend=0', ', append=2.5', ', prepend=[[1], [2]]', ', 2, prepend=1, append=[7]', ', axis=0, prepend=3')])
  cases.add('sizes', [f'np.array(np.size({x}{s}))' for x in (a, '[1, 2]') for s in ('', ', 0', ', axis=-1', ', (0, 1)')])
  cases.add('sorts', [f'np.{name}([3, 1, 2, 1], kind={k}, order=none)' for name in ('sort', 'argsort') for k in ('none', '"stable"')] + ['np.sort([2, 1], stable=true)', 'np.sort([2, 1], -1, "stable")'])
  cases.add('where_alone', ['np.array(np.where([1, 0, 2]))', f'np.array(np.where({a} % 5 == 0))', 'np.array(np.where(np.array([false])))'])
  cases.add('round_tens', [f'np.round(np.array([15, 25, -34, 149, 151]), {d})' for d in (-1, -2, -3)] + [f"np.round(np.array([15, 25, 34], 'int8'), -1)"])
  for mode, mores in {'mean': ('', ', stat_length=1', ', stat_length=((1, 2), (2, 1))'), 'median': ('', ', stat_length=2'), 'maximum': ('', ', stat_length=(1, 2)'), 'minimum': ('', ', stat_length=9'),
                      'linear_ramp': ('', ', end_values=4', ', end_values=((-3, 5), (1, 2))'), 'reflect': ('', ', reflect_type="odd"'), 'symmetric': ('', ', reflect_type="odd"'),
                      'wrap': ('', ), 'edge': ('', ), 'constant': (', constant_values=3', ', constant_values=(1, 2)', ', constant_values=((1, 2), (3, 4))')}.items():
    cases.add(f'pad_{mode}', [f'np.pad({x}, {w}, mode="{mode}"{more})' for x in ('np.arange(6.0).reshape(2, 3) ** 2', 'np.arange(12).reshape(3, 4) % 5', "np.array([[1, 5, 2], [7, 3, 3]], 'uint8')", "np.array([[0.5, 1.5], [2.25, 7]], 'float32')")
                              for w in ('1', '(0, 2)', '((1, 2), (5, 0))') for more in mores])
  cases.write()


def position_tables():
  """The tables of public models, rounded once."""
  cases = Numpy('numpy_tables')
  for n, d in ((7, 8), (50, 64), (1000, 16)):
    angles = f'np.arange({n})[:, None] * np.exp(np.arange(0, {d}, 2) * -(np.log(10000.0) / {d}))'
    cases.add(f'sinusoids_{n}_{d}', [f"np.stack([np.sin({angles}), np.cos({angles})], -1).reshape({n}, {d}).astype('float32')",
                                     f"np.concatenate([np.sin({angles}), np.cos({angles})], axis=1).astype(np.float32)"])
    powers = f'np.arange({n})[:, None] / np.power(10000, 2 * (np.arange({d})[None, :] // 2) / {d})'
    cases.add(f'powers_{n}_{d}', [f"np.where(np.arange({d}) % 2 == 0, np.sin({powers}), np.cos({powers})).astype('float32')"])
  cases.add('rotary', ["(1.0 / (10000 ** (np.arange(0, 64, 2) / 64))).astype('float32')", "np.outer(np.arange(16), 1.0 / (10000 ** (np.arange(0, 32, 2) / 32))).astype('float32')"])
  cases.add('relative_positions', ['np.arange(5)[None, :] - np.arange(5)[:, None]', 'np.clip(np.arange(6)[None, :] - np.arange(6)[:, None], -2, 2) + 2',
                                   'np.abs(np.arange(4)[:, None] - np.arange(4)[None, :])', "np.tril(np.ones((4, 4), 'bool'))[None, None]"])
  cases.write()


def main():
  for write in (operators, elementwise, creation, shapes, reductions, arguments, position_tables):
    write()
  write_index()


if __name__ == '__main__':
  main()
