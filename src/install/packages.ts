import { findProgram, type Machine } from "./machine.ts";

/** The programs an installation needs and may have to ask for. */
type Package = "compiler" | "cmake" | "make" | "python" | "pip" | "xz";

const MANAGERS = [
  {
    program: "apt-get",
    install: "apt-get install -y",
    names: {
      compiler: "g++",
      cmake: "cmake",
      make: "make",
      python: "python3 python3-pip",
      pip: "python3-pip",
      xz: "xz-utils",
    },
  },
  {
    program: "dnf",
    install: "dnf install -y",
    names: {
      compiler: "gcc-c++",
      cmake: "cmake",
      make: "make",
      python: "python3 python3-pip",
      pip: "python3-pip",
      xz: "xz",
    },
  },
  {
    program: "pacman",
    install: "pacman -S --noconfirm",
    names: {
      compiler: "gcc",
      cmake: "cmake",
      make: "make",
      python: "python python-pip",
      pip: "python-pip",
      xz: "xz",
    },
  },
] as const;

/** The command that installs a package here, by the machine's own package manager. */
export function installCommand(machine: Machine, wanted: Package): string {
  const manager = MANAGERS.find(({ program }) => findProgram(machine, program) !== undefined) ??
    MANAGERS[0];
  const sudo = Deno.uid() === 0 ? "" : "sudo ";
  return `${sudo}${manager.install} ${manager.names[wanted]}`;
}
