export interface PackedPackage {
  readonly name: string;
  /** The path of its tarball. */
  readonly tarball: string;
  /** What is in it. */
  readonly files: readonly string[];
}

export function packPackages(target: string, names?: readonly string[]): readonly PackedPackage[];
