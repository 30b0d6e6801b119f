/** How IAM says that there is no such thing. */
export const NO_SUCH_ENTITY: readonly string[] = [
  "NoSuchEntity",
  "NoSuchEntityException",
];
