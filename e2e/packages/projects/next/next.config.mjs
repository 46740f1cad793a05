export default {
  output: "export",
  distDir: "site",
  webpack: (config) => {
    // It would be written, and never read.
    config.cache = false;
    // It would take half of the build, and other bundlers' tests minify.
    config.optimization.minimize = false;
    return config;
  },
};
