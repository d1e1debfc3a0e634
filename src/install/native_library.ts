/** A library of ours in C++, compiled on this machine from a folder of sources by its `CMakeLists.txt`. */
export interface NativeLibrary {
  /** Its name: CMake's target, hence the file `lib<name>.so`. */
  readonly name: string;
  /** The folder of its sources in the project. Folders in it with a `CMakeLists.txt` are other libraries. */
  readonly folder: string;
  /** Programs that it starts, each CMake's target, too. They lie beside it. */
  readonly programs: readonly string[];
  /** Whether it is linked to libtorch, so that each libtorch needs one of its own. */
  readonly linksLibtorch: boolean;
}

/** The operators of libtorch behind C functions: the shim. */
export const torchLibrary: NativeLibrary = {
  name: "deino",
  folder: "native",
  programs: [],
  linksLibtorch: true,
};

/** From image files to crops. What the processor can do is found when it runs: one library serves every machine. */
export const pixelsLibrary: NativeLibrary = {
  name: "deino_pixels",
  folder: "native/pixels",
  programs: ["deino_decoder"],
  linksLibtorch: false,
};

/** Every library that there is. */
export const nativeLibraries: readonly NativeLibrary[] = [torchLibrary, pixelsLibrary];
