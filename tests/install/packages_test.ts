import { assertEquals } from "@std/assert";
import { installCommand } from "../../src/install/packages.ts";
import { addProgram, fakeMachine } from "./fake_machine.ts";

const WANTED = ["compiler", "cmake", "make", "python", "pip", "xz"] as const;

/** The packages as Debian, Fedora and Arch call them. */
const NAMES = {
  "apt-get install -y": ["g++", "cmake", "make", "python3 python3-pip", "python3-pip", "xz-utils"],
  "dnf install -y": ["gcc-c++", "cmake", "make", "python3 python3-pip", "python3-pip", "xz"],
  "pacman -S --noconfirm": ["gcc", "cmake", "make", "python python-pip", "python-pip", "xz"],
};

Deno.test("each manager is asked for packages by its own names, by root itself, else through sudo", async () => {
  const { uid } = Deno;
  try {
    for (const [command, names] of Object.entries(NAMES)) {
      await using machine = await fakeMachine();
      await addProgram(machine, command.split(" ")[0], "");
      for (const [id, sudo] of [[0, ""], [1000, "sudo "]] as const) {
        Deno.uid = () => id;
        assertEquals(
          WANTED.map((wanted) => installCommand(machine, wanted)),
          names.map((name) => `${sudo}${command} ${name}`),
        );
      }
    }
  } finally {
    Deno.uid = uid;
  }
});

Deno.test("of several managers Debian's comes first, and it is named where there is none", async () => {
  await using machine = await fakeMachine();
  const asked = () => installCommand(machine, "cmake").replace(/^sudo /, "");
  assertEquals(asked(), "apt-get install -y cmake");
  await addProgram(machine, "pacman", "");
  assertEquals(asked(), "pacman -S --noconfirm cmake");
  await addProgram(machine, "dnf", "");
  assertEquals(asked(), "dnf install -y cmake");
  await addProgram(machine, "apt-get", "");
  assertEquals(asked(), "apt-get install -y cmake");
});
