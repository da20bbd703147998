import { expect } from "chai";
import { z } from "zod";
import { toStructuralSchema } from "./structural-schema.ts";

const convert = (field: z.ZodType) => toStructuralSchema(z.object({ field }), "spec").properties?.field;
const says = "What it is.";

describe("toStructuralSchema", () => {
  it("keeps type, bounds, default and description, and does not require what has a default", () => {
    const schema = z.object({
      name: z.string().min(1).max(63).describe("Its name."),
      mode: z.enum(["On", "Off"]).default("On").describe("Its mode."),
    });
    expect(toStructuralSchema(schema, "spec")).to.deep.equal({
      type: "object",
      required: ["name"],
      properties: {
        name: { description: "Its name.", type: "string", minLength: 1, maxLength: 63 },
        mode: { description: "Its mode.", type: "string", default: "On", enum: ["On", "Off"] },
      },
    });
  });

  it("writes integers as int64 without the bounds of JavaScript", () => {
    expect(convert(z.int().min(0).describe(says))).to.deep.equal({
      description: says,
      type: "integer",
      format: "int64",
      minimum: 0,
    });
  });

  it("leaves the form of times to the API server", () => {
    expect(convert(z.iso.datetime().describe(says))).to.deep.equal({
      description: says,
      type: "string",
      format: "date-time",
    });
  });

  it("gives an object of defaults a default of its own, so that the API server looks inside", () => {
    const inner = z.object({ on: z.boolean().default(true).describe(says) });
    expect(convert(inner.prefault({}).describe(says))).to.deep.include({ type: "object", default: {} });
  });

  it("treats lists as a whole unless they say otherwise", () => {
    const list = z.array(z.string().max(9)).max(3);
    expect(convert(list.describe(says))).to.include({ "x-kubernetes-list-type": "atomic", maxItems: 3 });
    expect(convert(list.meta({ "x-kubernetes-list-type": "set" }).describe(says))).to.include({
      "x-kubernetes-list-type": "set",
    });
  });

  for (const [what, field, complaint] of [
    ["a union", z.union([z.string().max(3), z.int().min(0)]).describe(says), /spec\.field: "anyOf"/],
    ["a type that is not known", z.any().describe(says), /spec\.field: type undefined/],
    ["a fraction", z.number().min(0).describe(says), /spec\.field: type "number"/],
    ["a map", z.record(z.string(), z.string().max(3)).describe(says), /spec\.field: .*(propertyNames|map)/],
    ["null", z.string().max(3).nullable().describe(says), /spec\.field: "nullable"/],
    ["a field without a description", z.boolean(), /spec\.field: has no description/],
    ["a string without a maximum", z.string().describe(says), /spec\.field: a string needs a maximum length/],
    [
      "a list without a maximum",
      z.array(z.boolean()).describe(says),
      /spec\.field: an array needs a maximum/,
    ],
    ["an integer without a minimum", z.int().describe(says), /spec\.field: an integer needs a minimum/],
    ["a form that is not known", z.email().max(9).describe(says), /spec\.field: format email/],
  ] as const) {
    it(`refuses ${what}, with the field's path`, () => {
      expect(() => convert(field)).to.throw(complaint);
    });
  }
});
