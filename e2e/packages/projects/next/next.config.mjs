export default {
  output: "export",
  distDir: "site",
  // It would take half of the build, and other bundlers' tests minify.
  webpack: (config) => {
    config.optimization.minimize = false;
    return config;
  },
};
