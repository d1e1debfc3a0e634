/** What lies where another file should, by how it begins, and the cure; characters are bytes. */
const STAND_INS: readonly (readonly [begin: RegExp, what: string])[] = [
  [
    /^version https:\/\/git-lfs/,
    "it is a pointer of Git LFS, not the file itself: run `git lfs pull` where it lies, or download it again",
  ],
  [
    /^[\s\xef\xbb\xbf]*<(!doctype|html|head|\?xml|!--)/i,
    "it is a web page, not the file itself: download it by the link of the file, not that of its page",
  ],
  [/^BZh[1-9]/, "it is packed by bzip2: unpack it with bunzip2"],
  [/^\xfd7zXZ/, "it is packed by xz: unpack it with unxz, or with tar -xJf"],
  [/^\x28\xb5\x2f\xfd/, "it is packed by Zstandard: unpack it with unzstd"],
];

/**
 * Says what lies in place of a file of any kind: what a clone or a download left there, or the file still packed.
 *
 * @param head How it begins, a character for each byte.
 * @returns What it is and what to do, to follow its name and a colon; undefined where nothing is recognised.
 */
export function standIn(head: string): string | undefined {
  return STAND_INS.find(([begin]) => begin.test(head))?.[1];
}
