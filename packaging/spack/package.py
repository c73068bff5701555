# A recipe for Spack. To use it from a clone of h5roof:
#   spack repo create h5roof-repo h5roof; mkdir h5roof-repo/packages/h5roof; cp package.py h5roof-repo/packages/h5roof
#   spack repo add h5roof-repo; spack dev-build -d /path/to/clone h5roof@main

from spack.package import CMakePackage, depends_on, license, variant, version, when


class H5roof(CMakePackage):
    """MPI parallel I/O benchmark suite for HDF5, which puts every number beside the ceiling of the machine."""

    license("BSD-3-Clause")

    version("main")

    variant("python", default=True, description="Plots and reports")

    depends_on("c", type="build")
    depends_on("cmake@3.20:", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("mpi@3:")
    depends_on("hdf5@1.10.8:+hl+mpi")
    depends_on("zlib-api")
    depends_on("hwloc")
    depends_on("libfyaml")
    with when("+python"):
        depends_on("python@3.9:", type="run")
        depends_on("py-pandas", type="run")
        depends_on("py-matplotlib", type="run")
        depends_on("py-jinja2", type="run")

    def cmake_args(self):
        return [
            self.define("MPI_C_COMPILER", self.spec["mpi"].mpicc),
            self.define("HDF5_ROOT", self.spec["hdf5"].prefix),
            self.define("H5R_TESTS", "OFF"),
        ]
