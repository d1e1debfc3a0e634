import { assertEquals, assertThrows } from "@std/assert";
import { refuseAddress } from "../../../src/data/sources/address.ts";

Deno.test("data that lies elsewhere is refused with the command that brings it here", () => {
  const commands: Record<string, string> = {
    "s3://bucket/a": "Run `aws s3 sync s3://bucket/a DIR`",
    "GS://bucket/a": "Run `gcloud storage rsync --recursive GS://bucket/a DIR`",
    "hf://datasets/a/b": "Run `hf download a/b --repo-type dataset --local-dir DIR`",
    "hf://a/b": "Run `hf download a/b --repo-type dataset --local-dir DIR`",
    "http://a/b.tar?c=1&d": 'Run `wget --directory-prefix DIR "http://a/b.tar?c=1&d"`',
    "https://a/b.tar": 'Run `wget --directory-prefix DIR "https://a/b.tar"`',
    "pipe:curl a": "Run the command behind pipe: into a file of DIR",
    "azure+blob://a": "Download it to a folder DIR",
  };
  for (const [source, command] of Object.entries(commands)) {
    const { message } = assertThrows(() => refuseAddress(source), Error);
    assertEquals(
      message,
      `Cannot read images from ${source}: only local files are read. ${command}, then pass DIR`,
    );
  }
});

Deno.test("paths are no addresses, with a colon neither", () => {
  for (const path of ["a", "/a/b", "a:split=val", "c:/a", "a/b://c", "1a://b", "pipes/a"]) {
    refuseAddress(path);
  }
});
