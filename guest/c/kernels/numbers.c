/* Kernels whose time goes into arithmetic and calls. */

#include "kernel.h"

#include <math.h>

/* Nothing but calls: the dearest case for a check at every function's entry. */
__attribute__((noinline)) static uint32_t fibonacci(uint32_t n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

KERNEL(fibonacci) {
  uint32_t digest = 0;
  for (; rounds > 0; rounds -= 1) digest += fibonacci(20 + digest % 2);
  return digest;
}

#define MATRIX_SIDE 96

/* Three nested loops; the inner one is a multiplication, an addition and two loads. */
KERNEL(matrix) {
  static double left[MATRIX_SIDE][MATRIX_SIDE], right[MATRIX_SIDE][MATRIX_SIDE],
      product[MATRIX_SIDE][MATRIX_SIDE];
  for (int row = 0; row < MATRIX_SIDE; row += 1) {
    for (int column = 0; column < MATRIX_SIDE; column += 1) {
      left[row][column] = 1.0 / (row + column + 1);
      right[row][column] = row == column ? 1.5 : 0.25 / (row + 2);
    }
  }
  for (; rounds > 0; rounds -= 1) {
    for (int row = 0; row < MATRIX_SIDE; row += 1) {
      for (int column = 0; column < MATRIX_SIDE; column += 1) {
        double sum = 0;
        for (int at = 0; at < MATRIX_SIDE; at += 1) sum += left[row][at] * right[at][column];
        product[row][column] = sum;
      }
    }
    left[0][0] = product[1][1];
  }
  return digest_f64(product[MATRIX_SIDE / 2][MATRIX_SIDE / 3] + product[0][0]);
}

#define BODIES 5

/* Planets on their orbits: long runs of f64 arithmetic, and square roots. */
KERNEL(bodies) {
  double position[BODIES][3], velocity[BODIES][3], mass[BODIES];
  for (int body = 0; body < BODIES; body += 1) {
    mass[body] = body == 0 ? 39.5 : 0.04 / body;
    for (int axis = 0; axis < 3; axis += 1) {
      position[body][axis] = body * (axis + 1.5);
      velocity[body][axis] = body * (0.5 - axis) / 3;
    }
  }
  for (uint32_t step = rounds * 1000; step > 0; step -= 1) {
    for (int one = 0; one < BODIES; one += 1) {
      for (int other = one + 1; other < BODIES; other += 1) {
        double apart[3], square = 0.01;
        for (int axis = 0; axis < 3; axis += 1) {
          apart[axis] = position[one][axis] - position[other][axis];
          square += apart[axis] * apart[axis];
        }
        double pull = 0.001 / (square * sqrt(square));
        for (int axis = 0; axis < 3; axis += 1) {
          velocity[one][axis] -= apart[axis] * mass[other] * pull;
          velocity[other][axis] += apart[axis] * mass[one] * pull;
        }
      }
    }
    for (int body = 0; body < BODIES; body += 1) {
      for (int axis = 0; axis < 3; axis += 1) position[body][axis] += 0.001 * velocity[body][axis];
    }
  }
  return digest_f64(position[1][0] + position[BODIES - 1][2]);
}

#define PICTURE_SIDE 64
#define MOST_STEPS 200

/* A tight loop with two ways out and no memory. */
KERNEL(mandelbrot) {
  uint32_t digest = 0;
  for (uint32_t round = 0; round < rounds; round += 1) {
    for (int row = 0; row < PICTURE_SIDE; row += 1) {
      for (int column = 0; column < PICTURE_SIDE; column += 1) {
        double real = column * 3.0 / PICTURE_SIDE - 2, imaginary = row * 2.0 / PICTURE_SIDE - 1;
        double x = 0, y = 0;
        uint32_t step = 0;
        for (; step < MOST_STEPS && x * x + y * y < 4; step += 1) {
          double next = x * x - y * y + real;
          y = 2 * x * y + imaginary;
          x = next;
        }
        digest = digest * 31 + step + round;
      }
    }
  }
  return digest;
}
