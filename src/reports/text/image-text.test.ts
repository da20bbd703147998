import { expect } from "chai";
import { shortImage, tagsOf } from "./image-text.ts";

describe("images in few letters", () => {
  for (const [image, short, tag] of [
    ["shop:v2", "shop:v2", "v2"],
    ["registry.example.com:5000/team/shop:v2", "shop:v2", "v2"],
    ["registry.example.com:5000/team/shop", "shop", "latest"],
    ["team/shop:v2@sha256:0123456789abcdef", "shop:v2", "v2"],
    ["team/shop@sha256:0123456789abcdef", "shop@0123456", "0123456"],
    ["", "", "latest"],
  ] as const) {
    it(`${JSON.stringify(image)} is ${JSON.stringify(short)}, and ${tag} to those who know it`, () => {
      expect([shortImage(image), tagsOf([image])]).to.deep.equal([short, tag]);
    });
  }

  it("tells each tag once, and that there is none", () => {
    expect(tagsOf(["shop:v2", "worker:v2", "proxy:1.27"])).to.equal("v2,1.27");
    expect(tagsOf([])).to.equal("no image");
  });
});
