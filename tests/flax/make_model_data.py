"""Writes models/data/: small arrays to try the models with."""

import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).parent.parent.parent / 'models/data'
# The strokes of a digit on a grid of 3 x 5.
DIGITS = (('###', '# #', '# #', '# #', '###'), (' # ', '## ', ' # ', ' # ', '###'), ('###', '  #', '###', '#  ', '###'),
        ('###', '  #', ' ##', '  #', '###'), ('# #', '# #', '###', '  #', '  #'), ('###', '#  ', '###', '  #', '###'),
        ('###', '#  ', '###', '# #', '###'), ('###', '  #', '  #', ' # ', ' # '))


def digit(rows):
  """28 x 28 numbers from 0 to 1: each cell is 4 x 4, and edges are soft."""
  grid = np.array([[cell == '#' for cell in row] for row in rows], np.float32)
  image = np.zeros((28, 28), np.float32)
  image[4:24, 8:20] = np.kron(grid, np.ones((4, 4), np.float32))
  padded = np.pad(image, 1)
  return sum(padded[i:i + 28, j:j + 28] for i in range(3) for j in range(3)) / np.float32(9)


if __name__ == '__main__':
  FOLDER.mkdir(parents=True, exist_ok=True)
  np.save(FOLDER / 'digits.npy', np.stack([digit(rows) for rows in DIGITS])[..., None])
